"""The transformer, in PyTorch, weight for weight transformers' MarianMTModel (Junczys-Dowmunt et al., 2018).

Post-norm layers, sinusoidal positions (sines first, then cosines), embeddings scaled by the root of the width, one
matrix for source, target and output. The decoder starts from a zero embedding. Module names are transformers' own, so
`state_dict` is a Marian checkpoint but for the keys that transformers repeats.

No batch holds padded sources (see `training.dataset`), so attention runs without masks but for the causal one.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from training.configuration import ModelConfig
from training.dataset import IGNORED
from training.output import BlockwiseLoss, smoothed

#: Candidate pieces, their log-weights, and the target pieces as rows of the candidates: see `output.Sampler`.
Sample = tuple[Tensor, Tensor, Tensor]


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, queries: Tensor, memory: Tensor, causal: bool, mask: Tensor | None = None) -> Tensor:
        """`queries` (batch, n, width) attend to `memory` (batch, m, width); `mask` (batch, 1, 1, m) is True to see."""
        split = (queries.shape[0], -1, self.heads, queries.shape[2] // self.heads)
        query = self.q_proj(queries).view(split).transpose(1, 2)
        keys = self.k_proj(memory).view(split).transpose(1, 2)
        values = self.v_proj(memory).view(split).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(query, keys, values, attn_mask=mask, is_causal=causal)
        out: Tensor = self.out_proj(mixed.transpose(1, 2).reshape(queries.shape))
        return out


class EncoderLayer(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.self_attn = Attention(config.d_model, config.heads)
        self.self_attn_layer_norm = nn.LayerNorm(config.d_model)
        self.fc1 = nn.Linear(config.d_model, config.ffn)
        self.fc2 = nn.Linear(config.ffn, config.d_model)
        self.final_layer_norm = nn.LayerNorm(config.d_model)
        self.activation = F.silu if config.activation == "swish" else F.relu
        self.dropout = config.dropout

    def drop(self, states: Tensor) -> Tensor:
        return F.dropout(states, self.dropout, self.training)

    def feed_forward(self, states: Tensor) -> Tensor:
        inner = self.activation(self.fc1(states))
        out: Tensor = self.final_layer_norm(states + self.drop(self.fc2(inner)))
        return out

    def forward(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        states = self.self_attn_layer_norm(states + self.drop(self.self_attn(states, states, False, mask)))
        return self.feed_forward(states)


class DecoderLayer(EncoderLayer):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.encoder_attn = Attention(config.d_model, config.heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(config.d_model)

    def decode(self, states: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        states = self.self_attn_layer_norm(states + self.drop(self.self_attn(states, states, True)))
        attended = self.encoder_attn(states, memory, False, mask)
        return self.feed_forward(self.encoder_attn_layer_norm(states + self.drop(attended)))


class Encoder(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.encoder_layers))


class Decoder(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.decoder_layers))


class Core(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.shared = nn.Embedding(config.vocabulary, config.d_model, padding_idx=config.vocabulary - 1)
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)


class Marian(nn.Module):
    """`forward` gives the training loss; `encode` and `logits` are for decoding."""

    positions: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.pad = config.vocabulary - 1
        self.model = Core(config)
        self.final_logits_bias = nn.Parameter(torch.zeros(1, config.vocabulary))
        self.register_buffer("positions", sinusoids(config.max_positions, config.d_model), persistent=False)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.model.shared.weight, std=config.d_model**-0.5)
        nn.init.zeros_(self.model.shared.weight[self.pad])

    def embed(self, ids: Tensor) -> Tensor:
        states = self.model.shared(ids) * math.sqrt(self.config.d_model) + self.positions[: ids.shape[1]]
        return F.dropout(states, self.config.dropout, self.training)

    def encode(self, source: Tensor, mask: Tensor | None = None) -> Tensor:
        """(batch, n) ids -> (batch, n, width); `mask` (batch, 1, 1, n), only for padded batches when decoding."""
        states = self.embed(source)
        for layer in self.model.encoder.layers:
            states = layer(states, mask)
        return states

    def decode(self, inputs: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        """Decoder inputs (batch, n), beginning with the padding id -> last states (batch, n, width)."""
        states = self.embed(inputs)
        for layer in self.model.decoder.layers:
            assert isinstance(layer, DecoderLayer)
            states = layer.decode(states, memory, mask)
        return states

    def logits(self, states: Tensor) -> Tensor:
        return F.linear(states, self.model.shared.weight) + self.final_logits_bias[0]

    def forward(self, source: Tensor, target: Tensor, smoothing: float, sample: Sample | None = None) -> Tensor:
        """Summed label-smoothed cross-entropy, in nats, over the target's pieces; (batch, n) and (batch, m) ids.

        With a `sample` (candidate ids, their log-weights, the row of every target piece that counts) the sum over the
        vocabulary is estimated from the candidates.
        """
        inputs = torch.cat([target.new_full((target.shape[0], 1), self.pad), target[:, :-1]], dim=1)
        states = self.decode(inputs.masked_fill(inputs == IGNORED, self.pad), self.encode(source))
        if states.device.type != "cpu":
            return F.cross_entropy(
                self.logits(states).float().view(-1, self.config.vocabulary),
                target.reshape(-1),
                ignore_index=IGNORED,
                label_smoothing=smoothing,
                reduction="sum",
            )
        return self.blockwise(states[target != IGNORED], target[target != IGNORED], smoothing, sample)

    def blockwise(self, states: Tensor, target: Tensor, smoothing: float, sample: Sample | None) -> Tensor:
        """The same loss for (n, width) states and (n,) targets, on a processor: see `training.output`."""
        weight, bias = self.model.shared.weight, self.final_logits_bias[0]
        own = (states * weight[target]).sum() + bias[target].sum()
        everyone = (states.sum(0) * weight.mean(0)).sum() + len(target) * bias.mean()
        if sample is None:
            loss = BlockwiseLoss.apply(states, weight, bias, None, target)
        else:
            pieces, offsets, rows = sample
            loss = BlockwiseLoss.apply(states, weight[pieces], bias[pieces], offsets, rows)
        return smoothed(loss, own, everyone, smoothing)


def sinusoids(count: int, width: int) -> Tensor:
    """(count, width): sines of all frequencies, then their cosines, as Marian has them (not interleaved)."""
    angles = torch.arange(count, dtype=torch.float64)[:, None] / 10000 ** (
        2 * torch.arange(width // 2, dtype=torch.float64) / width
    )
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()


def parameter_count(config: ModelConfig) -> int:
    """Trained numbers; int8 weights take about a byte each."""
    width, ffn = config.d_model, config.ffn
    attention = 4 * (width * width + width)
    feed_forward = 2 * width * ffn + width + ffn
    encoder = attention + feed_forward + 2 * 2 * width
    decoder = 2 * attention + feed_forward + 3 * 2 * width
    layers = config.encoder_layers * encoder + config.decoder_layers * decoder
    return layers + config.vocabulary * width + config.vocabulary


@torch.no_grad()
def greedy(model: Marian, sources: list[list[int]], limit: int = 200) -> list[list[int]]:
    """Most probable piece at each step, until `</s>`; ids of each translation without it. Sources end in `</s>`."""
    device = model.final_logits_bias.device
    longest = max(map(len, sources))
    source = torch.full((len(sources), longest), model.pad, dtype=torch.long)
    for row, ids in enumerate(sources):
        source[row, : len(ids)] = torch.tensor(ids)
    source = source.to(device)
    mask = (source != model.pad)[:, None, None, :]
    memory = model.encode(source, mask)
    output = torch.full((len(sources), 1), model.pad, dtype=torch.long, device=device)
    done = torch.zeros(len(sources), dtype=torch.bool, device=device)
    for _ in range(min(limit, longest + longest // 2 + 10)):
        scores = model.logits(model.decode(output, memory, mask)[:, -1]).float()
        scores[:, model.pad] = -torch.inf
        chosen = scores.argmax(-1).masked_fill(done, model.pad)
        output = torch.cat([output, chosen[:, None]], dim=1)
        done |= chosen == 0
        if bool(done.all()):
            break
    return [[piece for piece in row[1:] if piece not in (0, model.pad)] for row in output.tolist()]


def marian_state(model: Marian, weights: dict[str, Tensor] | None = None) -> dict[str, Any]:
    """Weights under transformers' names, float32 on the CPU; `weights` (EMA, say) instead of the model's own."""
    state = {name: value.detach().float().cpu() for name, value in (weights or model.state_dict()).items()}
    state["model.shared.weight"][model.pad] = 0.0
    return state
