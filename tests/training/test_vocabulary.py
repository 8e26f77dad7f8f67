"""What a new vocabulary takes over from an old one."""

from training.vocabulary import UNKNOWN, origins


def test_a_piece_comes_from_itself_or_from_its_parts() -> None:
    old = ("</s>", "<unk>", ">>eng<<", ">>fra<<", "▁", "▁s", "œ", "ur", "u", "r", "▁sœ")
    assert origins(old, ("</s>", "▁s", "▁sœur", "œu", "☂", "œ☂")) == [[0], [5], [10, 7], [6, 8], [UNKNOWN], [6]]
