"""Rows of Volumes: bytes of a clip, a video and an object."""

from __future__ import annotations

from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of


def size_lines(model: ModelRows, n: int, name: str) -> Block:
    """Bytes of a clip, a video and an object of the n-th representation."""
    r, kind = f"representation_{n}", value_of(rep(n, "kind"))
    vae, encoder = value_of(rep(n, "vae")), value_of(rep(n, "encoder"))
    given = value_of(rep(n, "amount"))
    frames, tokens = value_of(rep(n, "frames")), value_of(rep(n, "tokens"))

    def fact(book: str, column: str) -> str:
        return f"=IF({{{r}_{book}!}}=0,0,INDEX({book}_{column},{{{r}_{book}!}}))"

    def constant(key: str, label: str, unit: str, formula: str, note: str = "") -> Line:
        return Step(f"{r}_{key}", f"{name}: {label}", unit, constant=formula, note=note)

    return [
        constant("by_ratio", "whether bytes are a ratio of the video's", "flag", f'=--OR({kind}="raw",{kind}="ratio")'),
        constant(
            "vae", "row of the video autoencoder", "row of Lists", f'=IF({kind}="latent",MATCH({vae},vae_id,0),0)'
        ),
        constant("temporal", "frames in a latent frame", "frames", fact("vae", "temporal")),
        constant(
            "causal",
            "latent frames, causal",
            "frames",
            f"=IF({{{r}_vae!}}=0,0,INT(({frames}-1)/{{{r}_temporal!}})+1)",
            "causal",
        ),
        constant("ceil", "latent frames, rounded up", "frames", f"={{{r}_causal!}}", "ceil"),
        constant("perframe", "latent frames, one for each", "frames", f"={frames}", "per-frame"),
        constant(
            "step17", "latent frames, by whole groups", "frames", f"=INT({frames}/group_frames)*group_latents", "step17"
        ),
        constant("odd", "whether there is an odd frame", "flag", f"={frames}-INT({frames}/group_pair)*group_pair"),
        constant(
            "allegro",
            "latent frames, odd one apart",
            "frames",
            f"=IF({{{r}_vae!}}=0,0,ROUNDUP(({frames}-{{{r}_odd!}})/{{{r}_temporal!}},0)+{{{r}_odd!}})",
            "allegro",
        ),
        constant(
            "rule",
            "latent frames, by the rule of the autoencoder",
            "frames",
            f"=IF({{{r}_vae!}}=0,0,INDEX({{${r}_causal.constant:{r}_allegro.constant}},"
            f"MATCH(INDEX(vae_rule,{{{r}_vae!}}),{{${r}_causal.note:{r}_allegro.note}},0)))",
        ),
        constant("multiple", "latent frames in a token", "frames", fact("vae", "multiple")),
        constant(
            "deep",
            "latent frames, padded",
            "frames",
            f"=IF({{{r}_vae!}}=0,0,ROUNDUP({{{r}_rule!}}/{{{r}_multiple!}},0)*{{{r}_multiple!}})",
        ),
        constant("spatial", "pixels along a latent cell", "pixels", fact("vae", "spatial")),
        constant(
            "cells",
            "latent cells of a frame",
            "cells",
            f"=IF({{{r}_vae!}}=0,0,INT({value_of(rep(n, 'width'))}/{{{r}_spatial!}})*"
            f"INT({value_of(rep(n, 'height'))}/{{{r}_spatial!}}))",
        ),
        constant("channels", "channels of a latent cell", "values", fact("vae", "channels")),
        constant(
            "encoder", "row of the text encoder", "row of Lists", f'=IF({kind}="text",MATCH({encoder},encoder_id,0),0)'
        ),
        constant("tokens", "tokens stored", "tokens", f"=IF({tokens}>0,{tokens},{{{r}_padded!}})*({{{r}_encoder!}}>0)"),
        constant("padded", "tokens that the encoder pads to", "tokens", fact("encoder", "tokens")),
        constant("dim", "values in a token", "values", fact("encoder", "dim")),
        constant(
            "width", "bytes in a value", "bytes", f"=INDEX(dtype_bytes,MATCH({value_of(rep(n, 'dtype'))},dtype_id,0))"
        ),
        constant(
            "values",
            "values of a clip",
            "values",
            f"={{{r}_deep!}}*{{{r}_cells!}}*{{{r}_channels!}}+{{{r}_tokens!}}*{{{r}_dim!}}",
        ),
        constant(
            "fits",
            "whether the format holds what is stored",
            "flag",
            f"=--AND(OR({{{r}_by_ratio!}}>0,{{{r}_values!}}>0),{{{r}_codes!}}<=code_values^{{{r}_width!}},"
            f"{{{r}_tokens!}}<={{{r}_most!}})",
        ),
        constant("codes", "codes of a discrete autoencoder", "codes", fact("vae", "codes")),
        constant("most", "tokens that a pooled encoder allows", "tokens", f"=IF({{{r}_pooled!}}>0,1,no_bound)"),
        constant("pooled", "whether the encoder gives one vector", "flag", fact("encoder", "pooled")),
        constant("clip", "bytes of a clip", "bytes", f"=IF({{{r}_fits!}}>0,{{{r}_values!}}*{{{r}_width!}},NA())"),
        model.row(
            f"{r}_bytes_each",
            f"=IF({given}>0,{given}*bytes_per_tb/{{dataset_kept}},0)+({given}=0)*"
            f"IF({{{r}_by_ratio!}}>0,{driver(rep(n, 'ratio'))}*{{dataset_bytes_each}},"
            f"{driver('dataset.clips_per_video')}*{{{r}_clip!}})",
        ),
        model.row(
            f"{r}_object_bytes",
            f"=IF({driver(rep(n, 'object_mb'))}>0,{driver(rep(n, 'object_mb'))}*bytes_per_mb,{{{r}_bytes_each}})",
        ),
    ]
