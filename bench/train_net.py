"""Labelled lines -> the weights of the small network over a page's lines (needs jax and optax).

Called by train_nets.py; deterministic for one version of jax on one machine.
"""

from __future__ import annotations

import collections
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

from hkresearch.clean.line_network import (
    N_BITS,
    N_EVIDENCE,
    REACHES,
    WHOLE,
    find_tokens,
    spread_vocabulary,
)
from train_clean import count_sites

WIDTH, VECTOR, N_OUT = 64, 16, 3
N_TOKENS = 8000
LINES = 2048  # of a batch
PAGES = 160  # most pages of a batch
RATE, DECAY = 3e-3, 1e-2
# The shares of a layer's outputs and of a line's words that are left out in training.
DROP, DROP_TOKENS = 0.1, 0.2


def pick_vocabulary(examples: list[dict]) -> np.ndarray:
    """Return the leading bits of the words and stems that stand on enough sites."""
    often = count_sites(examples, lambda example: np.unique(example["tokens"]).tolist(), 5)
    bits = dict.fromkeys(token >> (64 - N_BITS) for token in often)
    return np.sort(np.array(list(bits)[:N_TOKENS], np.uint32))


def start_weights(n_shape: int, n_known: int) -> dict:
    """Return random weights."""
    rng = np.random.default_rng(0)

    def draw(rows, columns, scale=1.0):
        return (rng.normal(size=(rows, columns)) * np.sqrt(2 / rows) * scale).astype(np.float32)

    weights = {
        "vectors": (rng.normal(size=(n_known + 2, VECTOR)) * 0.1).astype(np.float32),
        "w0": draw(n_shape + 5 * VECTOR + N_EVIDENCE, WIDTH), "b0": np.zeros(WIDTH, np.float32),
        "wo": draw(WIDTH, N_OUT, 0.1), "bo": np.zeros(N_OUT, np.float32),
    }  # fmt: skip
    for layer in range(1, len(REACHES) + 1):
        weights |= {
            f"w{layer}": draw(3 * WIDTH, WIDTH, 0.5),
            f"b{layer}": np.zeros(WIDTH, np.float32),
        }
        weights |= {f"v{layer}": draw(WIDTH, WIDTH, 0.3)}
        if layer - 1 in WHOLE:
            weights[f"p{layer}"] = draw(2 * WIDTH, WIDTH, 0.3)
    return jax.tree.map(jnp.asarray, weights)


def normalise(x):
    """Return each row divided by its root mean square."""
    return x / jnp.sqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-6)


def forward(weights, shape, numbers, evidence, page, key):
    """Return the log-odds of a batch of lines; `page` says which page each line is of."""

    def thin(x, number):
        return (
            x
            * jax.random.bernoulli(jax.random.fold_in(key, number), 1 - DROP, x.shape)
            / (1 - DROP)
        )

    half = numbers.shape[1] // 2
    found, present = weights["vectors"][numbers], numbers > 0
    found = (
        found
        * jax.random.bernoulli(jax.random.fold_in(key, 99), 1 - DROP_TOKENS, numbers.shape)[
            ..., None
        ]
    )
    masked = found * present[..., None]
    parts = (slice(0, half), slice(half, None))
    means = [
        masked[:, part].sum(1) / jnp.maximum(present[:, part].sum(1), 1)[:, None] for part in parts
    ]
    last = jnp.where(
        present[:, half - 1], half - 1, jnp.maximum(present[:, : half - 3].sum(1) - 1, 0)
    )
    ends = [masked[:, 0], masked[:, 1], masked[jnp.arange(len(numbers)), last]]
    x = jax.nn.relu(
        jnp.concatenate([shape, *means, *ends, evidence], 1) @ weights["w0"] + weights["b0"]
    )
    size = jnp.maximum(jax.ops.segment_sum(jnp.ones(len(page)), page, PAGES + 1), 1)[:, None]
    for layer, reach in enumerate(REACHES, 1):
        h = normalise(thin(x, layer))
        before = jnp.where((jnp.roll(page, reach) == page)[:, None], jnp.roll(h, reach, 0), 0)
        after = jnp.where((jnp.roll(page, -reach) == page)[:, None], jnp.roll(h, -reach, 0), 0)
        y = jnp.concatenate([before, h, after], 1) @ weights[f"w{layer}"] + weights[f"b{layer}"]
        if layer - 1 in WHOLE:
            mean = jax.ops.segment_sum(h, page, PAGES + 1) / size
            most = jax.ops.segment_max(h, page, PAGES + 1)
            y = (
                y
                + (
                    jnp.concatenate([mean, jnp.where(jnp.isfinite(most), most, 0)], 1)
                    @ weights[f"p{layer}"]
                )[page]
            )
        x = x + jax.nn.relu(y) @ weights[f"v{layer}"]
    return normalise(x) @ weights["wo"] + weights["bo"]


def pack_pages(examples: list[dict], order) -> list[list[int]]:
    """Return the examples in batches of at most LINES lines; a longer page is cut."""
    batches, batch, n = [], [], 0
    for i in order:
        size = min(len(examples[i]["body_lines"]), LINES)
        if not size:
            continue
        if n + size > LINES or len(batch) == PAGES:
            batches.append(batch)
            batch, n = [], 0
        batch.append(i)
        n += size
    return batches + [batch] if batch else batches


def gather(examples: list[dict], batch: list[int], rng) -> tuple:
    """Return the arrays of a batch, padded to LINES; half of the pages lack corpus evidence."""
    columns = collections.defaultdict(list)
    for number, i in enumerate(batch):
        example = examples[i]
        evidence = example["evidence"][:LINES]
        if rng.random() < 0.5:
            evidence = np.zeros_like(evidence)
        columns["evidence"].append(evidence)
        for key in ("scaled", "numbers", "body_lines", "heads", "weight"):
            columns[key].append(example[key][:LINES])
        columns["page"].append(np.full(len(evidence), number, np.int32))
    short = LINES - sum(map(len, columns["page"]))
    fill = {"body_lines": -1, "page": PAGES}
    return tuple(
        np.concatenate(
            [
                *columns[key],
                np.full(
                    (short, *columns[key][0].shape[1:]), fill.get(key, 0), columns[key][0].dtype
                ),
            ]
        )
        for key in ("scaled", "numbers", "evidence", "page", "body_lines", "heads", "weight")
    )


def prepare(examples: list[dict], mean, spread, known) -> None:
    """Fill in what a batch is gathered from."""
    for example in examples:
        example["scaled"] = np.clip((example["shape"] - mean) / spread, -5, 5).astype(np.float16)
        example["numbers"] = find_tokens(known, example["tokens"])


def train_net(examples: list[dict], extra: list[list[dict]], epochs: int) -> dict:
    """Return weights learned, each epoch, from all `examples` and one list of `extra` in turn."""
    vocabulary = pick_vocabulary(examples)
    known = spread_vocabulary(vocabulary)
    rows = np.concatenate([example["shape"] for example in examples[::4]])
    mean, spread = rows.mean(0), rows.std(0) + 0.05
    for part in (examples, *extra):
        prepare(part, mean, spread, known)
    weights = start_weights(len(mean), len(vocabulary))
    rng = np.random.default_rng(0)
    turns = [examples + extra[turn % len(extra)] for turn in range(epochs)]
    batches = [pack_pages(pages, rng.permutation(len(pages))) for pages in turns]
    optimiser = optax.adamw(
        optax.cosine_onecycle_schedule(sum(map(len, batches)), RATE, 0.1), weight_decay=DECAY
    )
    state = optimiser.init(weights)

    def entropy(z, y):
        return jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))

    def lose(weights, batch, key):
        shape, numbers, evidence, page, body, heads, weight = batch
        z = forward(weights, shape.astype(jnp.float32), numbers, evidence, page, key)
        lost = entropy(z[:, 0], jnp.where(body == 1, 0.99, 0.01)) * weight * (body >= 0)
        main = lost.sum() / jnp.maximum((weight * (body >= 0)).sum(), 1)
        side = (entropy(z[:, 1:], heads) * (page < PAGES)[:, None]).sum() / jnp.maximum(
            (page < PAGES).sum(), 1
        )
        return main + 3 * side, main

    @jax.jit
    def step(weights, state, average, batch, key):
        (_, main), slope = jax.value_and_grad(lose, has_aux=True)(weights, batch, key)
        update, state = optimiser.update(slope, state, weights)
        weights = optax.apply_updates(weights, update)
        return (
            weights,
            state,
            jax.tree.map(lambda a, b: 0.99 * a + 0.01 * b, average, weights),
            main,
        )

    average, key, begun, number = weights, jax.random.PRNGKey(0), time.time(), 0
    for epoch, (pages, packed) in enumerate(zip(turns, batches, strict=True)):
        losses = []
        for batch in packed:
            arrays, drawn = gather(pages, batch, rng), jax.random.fold_in(key, number)
            weights, state, average, loss = step(weights, state, average, arrays, drawn)
            losses.append(loss)
            number += 1
        print(
            f"    epoch {epoch}: {float(np.mean(losses)):.4f}, {time.time() - begun:.0f} s",
            flush=True,
        )
    found = {f"net_{name}": np.asarray(value) for name, value in average.items()}
    found["net_vectors"] = found["net_vectors"] * (np.arange(len(found["net_vectors"])) > 0)[
        :, None
    ].astype(np.float32)
    return found | {"net_mean": mean, "net_spread": spread, "net_vocabulary": vocabulary}
