"""Rows of Volumes: the routes chosen, and whether they start where the bytes are stored."""

from __future__ import annotations

from vidcost_xl.model.blocks.reading import FILL_WAY, TRAIN_WAY
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.model_rows import Step
from vidcost_xl.sheets.plan.row_names import Block, is_yes, rep, used, value_of


def numbers(plan: Plan) -> range:
    """The numbers of the plan's representations."""
    return range(1, plan.representations + 1)


def total(ids: list[str]) -> str:
    """A sum of rows of the same month."""
    return "+".join(f"{{{name}}}" for name in ids)


def flag(key: str, label: str, formula: str, note: str = "") -> Step:
    """A constant of 0 or 1."""
    return Step(key, label, "flag", constant=f"={formula}", format="count", note=note)


def chosen(plan: Plan, key: str, row: str) -> str:
    """The row of the representation that a block of weights chooses."""
    return "+".join(f"{{representation_{n}_w{key}!}}*{row.format(n=n)}" for n in numbers(plan))


def apart(key: str, label: str, place: str, other: str) -> Step:
    """Whether two places are regions of one provider, and not the same."""
    mine, its = (f'LEFT({at}&"@",FIND("@",{at}&"@"))' for at in (place, other))
    return flag(key, label, f"({mine}={its})*({place}<>{other})")


def route_lines(plan: Plan) -> Block:
    """Rows of Lists that routes stand in, and whether they start where the bytes are stored."""
    way_in = value_of("acquire.route")
    way_in_row = "MATCH({rt_ingest_id!},ingest_id,0)"
    lines: Block = [
        Heading("rt_heading", "Routes"),
        Step(
            "rt_ingest_id",
            "Way in, with or without the gateway endpoint",
            "name",
            format="text",
            constant=f'=IF({value_of("acquire.gateway_endpoint")}="no",'
            f"INDEX(ingest_without_endpoint,MATCH({way_in},ingest_id,0)),{way_in})",
        ),
        Step(
            "rt_ingest_place",
            "Way in: ends at",
            "provider",
            format="text",
            constant=f"=INDEX(ingest_provider,{way_in_row})",
        ),
        Step(
            "rt_ingest",
            "Way in",
            "row of Lists",
            constant=f"=IF({is_yes('acquire.on')}*{{wraw_apart!}}>0,NA(),{way_in_row})",
            format="count",
        ),
    ]
    for n in numbers(plan):
        lines += _ways(plan, n)
    for key, route, label in (
        ("train", value_of(TRAIN_WAY), "Training reads"),
        ("fill", value_of(FILL_WAY), "Filling the copy"),
        *((f"own{n}", f"{{representation_{n}_way_train!}}", f"Reads of {_name(plan, n)}") for n in numbers(plan)),
        ("encode", value_of("encode.route"), "Reading to encode"),
        ("exit", value_of("exit.route"), "Moving out"),
    ):

        def rule(column: str, what: str, unit: str, key: str = key, label: str = label) -> Step:
            return Step(
                f"rt_{key}_{column}",
                f"{label}: {what}",
                unit,
                constant=f"=INDEX(egress_{column},{{rt_{key}!}})",
                format="general",
            )

        lines += [
            Step(f"rt_{key}", label, "row of Lists", constant=f"=MATCH({route},egress_id,0)", format="count"),
            rule("provider", "starts at", "provider"),
            rule("limited", "whether egress is free up to the bytes stored", "flag"),
            rule("free_times", "free, times the bytes stored", "times"),
        ]
    lines.append(
        Step(
            "rt_encode_end",
            "Reading to encode: ends at",
            "provider",
            format="text",
            constant="=INDEX(egress_end,{rt_encode!})",
        )
    )
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        second = f"IF({{{r}_mixed!}}>0,{{{r}_second_row!}},{{{r}_first_row!}})"
        lines += [
            Step(
                f"{r}_provider1",
                f"{name}: provider of the first class",
                "provider",
                format="text",
                constant=f"=INDEX(class_provider,{{{r}_first_row!}})",
            ),
            Step(
                f"{r}_provider2",
                f"{name}: provider of the second class, where it is used",
                "provider",
                format="text",
                constant=f"=INDEX(class_provider,{second})",
            ),
            flag(f"{r}_isread", f"{name}: whether training reads it", used(rep(n, "read_share"))),
            flag(f"{r}_israw", f"{name}: whether it is raw video", f'--({value_of(rep(n, "kind"))}="raw")'),
            flag(
                f"{r}_isencoded",
                f"{name}: whether it is encoded on GPUs",
                f'OR({value_of(rep(n, "kind"))}="latent",{value_of(rep(n, "kind"))}="ratio")*{is_yes("encode.on")}',
            ),
            flag(
                f"{r}_leaves",
                f"{name}: whether it is stored where the plan leaves",
                f"({{{r}_provider1!}}={{rt_exit_provider!}})*({value_of('exit.month')}>0)",
            ),
        ]
    lines += _weights(plan, "isread", "read", "the first that training reads")
    lines += _weights(plan, "israw", "raw", "the first of raw video")
    lines += _weights(plan, "leaves", "left", "the first that leaves")
    lines += _apart(plan, "wraw", "{rt_ingest_place!}", "the way in ends in another region")
    lines += _apart(plan, "isencoded", "{rt_encode_end!}", "reading to encode ends in another region")
    # A route that does not start where the bytes are is an error, not a price.
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        checks = [
            ("train", f"rt_own{n}", f"{{{r}_isread!}}", f"{{{r}_end_apart!}}"),
            ("fill", f"{r}_rt_fill", f"{{{r}_isread!}}*{{staging!}}", f"{{{r}_fill_apart!}}+{{copy_apart!}}"),
            ("encode", "rt_encode", f"{{{r}_wraw!}}*{{encoding!}}", "0"),
        ]
        lines += [
            Step(
                f"{r}_to_{key}",
                f"{name}: route from where it is stored ({key})",
                "row of Lists",
                format="count",
                constant=f"=IF({wanted}*(1-({{{r}_provider1!}}={{{row}_provider!}})*"
                f"({{{r}_provider2!}}={{{row}_provider!}})+{ends_apart})=0,{{{row}!}},NA())",
            )
            for key, row, wanted, ends_apart in checks
        ]
    lines.append(flag("encoding", "Whether features are encoded", is_yes("encode.on")))
    encoded = "+".join(f"{{representation_{n}_isencoded!}}" for n in numbers(plan))
    lines.append(flag("encoding_any", "Whether anything is encoded on GPUs", f"--({encoded}>0)"))
    raw_routes = "+".join(f"{{representation_{n}_wraw!}}*{{representation_{n}_to_encode!}}" for n in numbers(plan))
    lines.append(
        Step(
            "rt_encode_checked",
            "Route from where the raw video is stored",
            "row of Lists",
            format="count",
            constant=f"={raw_routes}",
        )
    )
    lines.append(
        Step(
            "rt_encode_used",
            "Route to encode: checked where there is raw video",
            "row of Lists",
            constant="=IF({raw_any!}>0,{rt_encode_checked!},{rt_encode!})+IF({isencoded_apart!}>0,NA(),0)",
            format="count",
        )
    )
    along = [f"{{representation_{n}_plain!}}" for n in numbers(plan)]
    fill_routes = "+".join(f"{on}*{{representation_{n}_to_fill!}}" for n, on in enumerate(along, start=1))
    lines += [
        Step(
            "rt_fill_checked",
            "Route of the copy, where all that is read along it can take it",
            "row of Lists",
            format="count",
            constant=f"=({fill_routes})*0+{{rt_fill!}}",
        ),
        flag(
            "staging_plain",
            "Whether the copy is filled along the plan's route",
            f"--({'+'.join(along)}+({{staging_any!}}=0)>0)",
        ),
    ]
    return lines


def _name(plan: Plan, n: int) -> str:
    return plan.text(rep(n, "name"))


def _ways(plan: Plan, n: int) -> Block:
    # The routes that training and the fills of the copy take: its own, or the plan's.
    r, name, own = f"representation_{n}", _name(plan, n), value_of(rep(n, "route"))
    lines: Block = [
        flag(f"{r}_ownway", f"{name}: whether it has a route of its own", f'--({own}<>"")'),
        flag(
            f"{r}_plain",
            f"{name}: whether training reads it along the plan's route",
            f"{{{r}_isread!}}*(1-{{{r}_ownway!}})",
        ),
    ]
    for key, plans, what in (("train", TRAIN_WAY, "route to the GPUs"), ("fill", FILL_WAY, "route to the copy")):
        way = f"=IF({{{r}_ownway!}}>0,{own},{value_of(plans)})"
        lines.append(Step(f"{r}_way_{key}", f"{name}: {what}", "name", constant=way, format="text"))
    way, at = f"{{{r}_way_train!}}", f"{{{r}_isread!}}+({{staging_any!}}=0)"
    return [
        *lines,
        Step(
            f"{r}_way_named",
            f"{name}: route to the GPUs in any region, where it is read or nothing is",
            "name",
            constant=f'=IF({at}=0,no_meter,LEFT({way},FIND("@",{way}&"@")-1))',
            format="text",
        ),
        Step(
            f"{r}_rt_fill",
            f"{name}: route to the copy",
            "row of Lists",
            constant=f"=IF({{{r}_ownway!}}>0,{{rt_own{n}!}},{{rt_fill!}})",
            format="count",
        ),
        Step(
            f"{r}_rt_fill_provider",
            f"{name}: route to the copy: starts at",
            "provider",
            constant=f"=INDEX(egress_provider,{{{r}_rt_fill!}})",
            format="general",
        ),
    ]


def _apart(plan: Plan, of: str, place: str, what: str) -> Block:
    slots = [(n, slot) for n in numbers(plan) for slot in (1, 2)]
    lines: Block = [
        apart(
            f"representation_{n}_{of}_apart{slot}",
            f"{plan.text(rep(n, 'name'))}, class {slot}: whether {what}",
            f"{{representation_{n}_provider{slot}!}}",
            place,
        )
        for n, slot in slots
    ]
    some = "+".join(f"{{representation_{n}_{of}!}}*{{representation_{n}_{of}_apart{slot}!}}" for n, slot in slots)
    return [*lines, flag(f"{of}_apart", f"Whether {what} than what it is for", f"--({some}>0)")]


def _weights(plan: Plan, among: str, key: str, what: str) -> Block:
    lines: Block = []
    for n in numbers(plan):
        before = "".join(f"*(1-{{representation_{m}_{among}!}})" for m in range(1, n))
        lines.append(
            flag(
                f"representation_{n}_w{key}",
                f"{plan.text(rep(n, 'name'))}: whether it is {what}",
                f"{{representation_{n}_{among}!}}{before}",
            )
        )
    return lines
