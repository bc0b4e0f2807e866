"""What an organisation, or where Windows keeps the user's folders, can put in the add-in's way; checks of the doctor.

Registry keys and what they do follow Microsoft's documentation of its policies and have not been seen on a computer
with Excel. Standard library only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vidcost_xl.addin.config import Folders, excel_bits
from vidcost_xl.addin.machine import Machine
from vidcost_xl.addin.requirements import STORE_FOLDER, Check

#: Longest path of a workbook that Excel opens.
EXCEL_PATH: Final = 218

#: Keys of Office 2016 and later.
OFFICE: Final = "Software\\Microsoft\\Office\\16.0"
POLICIES: Final = "Software\\Policies\\Microsoft\\Office\\16.0"

#: Rules of Defender, by group policy or by hand one value each; by Intune one text, `rule=action|rule=action`.
DEFENDER: Final = "Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
EXCEPTIONS: Final = "ASROnlyExclusions"
INTUNE: Final = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Policy Manager"

#: "Block all Office applications from creating child processes", "Block Win32 API calls from Office macros".
CHILD_PROCESS_RULE: Final = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
WIN32_RULE: Final = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"

#: Their actions that stop something: 1 blocks, 6 warns.
BLOCKING: Final = {"1", "6"}

#: VBAWarnings: only signed macros run, or none, outside trusted locations.
ONLY_SIGNED: Final = 3
MACROS_OFF: Final = 4

APPLOCKER: Final = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2"


def paths(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """The folders: short enough, on this computer, and not kept in step with others."""
    name, length = "paths", len(str(places.addin))
    if length > EXCEL_PATH:
        return Check(name, "fail", f"{places.addin} is {length} characters, {EXCEL_PATH} at most", "Shorten it.")
    if _on_network(machine, places.addin) and not _setting(machine, "Trusted Locations", "AllowNetworkLocations"):
        found = f"{places.addin} lies on the network, where Excel trusts no location"
        fix = "In Excel: File, Options, Trust Center, Trusted Locations, allow those on my network; or ask IT for it."
        return Check(name, "fail", found, fix)
    for path in (places.home, places.addin):
        if _on_network(machine, path):
            fix = "Ask IT to keep AppData on this computer if Excel starts slowly, or without the add-in when offline."
            return Check(name, "note", f"{path} lies on the network", fix)
    synced = [value for key, value in machine.environ.items() if key.upper().startswith("ONEDRIVE") and value]
    inside = [root for root in synced for path in (places.home, places.addin) if str(path).startswith(root)]
    if inside:
        found = f"OneDrive keeps {inside[0]} in step with other computers, environment included"
        return Check(name, "note", found, "Take the folder AppData out of OneDrive.")
    return Check(name, "ok", f"{length} characters, on this computer, not in OneDrive")


def _on_network(machine: Machine, path: Path) -> bool:
    text = str(path)
    return text.startswith("\\\\") or (text[1:2] == ":" and bool(machine.registry(f"HKCU\\Network\\{text[0]}")))


def defender(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """Defender's rules against what the add-in does: its VBA calls a DLL, which starts Python."""
    name = "Defender"
    rules, intune = {}, machine.registry(INTUNE)
    excepted = str(intune.get(EXCEPTIONS, ""))
    for key in (f"HKLM\\SOFTWARE\\Microsoft\\{DEFENDER}", f"HKLM\\SOFTWARE\\Policies\\Microsoft\\{DEFENDER}"):
        excepted += "|".join(machine.registry(key.removesuffix("Rules") + EXCEPTIONS))
        rules.update({rule.casefold(): str(value) for rule, value in machine.registry(key).items()})
    for entry in str(intune.get("ASRRules", "")).split("|"):
        rule, _equals, action = entry.partition("=")
        rules[rule.strip().strip("{}").casefold()] = action.strip()
    stops = {rule for rule in (WIN32_RULE, CHILD_PROCESS_RULE) if rules.get(rule) in BLOCKING}
    if stops and "vidcost" in excepted.casefold():
        fix = "If the functions do not answer, ask IT whether the exception names the add-in and its pythonw.exe."
        return Check(name, "note", "a rule stops what the add-in does, and an exception names vidcost", fix)
    if WIN32_RULE in stops:
        fix = f"Ask IT for an exception for {places.addin} from the rule {WIN32_RULE}."
        return Check(name, "fail", "a rule keeps the macros of Office from calling a DLL", fix)
    if stops:
        python = machine.prefix / "Scripts" / "pythonw.exe"
        fix = f"Ask IT for an exception for {python} from the rule {CHILD_PROCESS_RULE}."
        return Check(name, "fail", "a rule keeps Office from starting programs", fix)
    return Check(name, "ok", "no rule against the add-in; another antivirus may have one")


def applocker(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """AppLocker, whose usual rules allow no program in a user's folders."""
    kinds = [kind for kind in ("Exe", "Dll") if machine.registry(f"{APPLOCKER}\\{kind}").get("EnforcementMode") == 1]
    if not kinds:
        return Check("AppLocker", "ok", "not enforced")
    fix = f"If Python does not start, ask IT for a rule that allows {machine.prefix} and {machine.base_prefix}."
    return Check("AppLocker", "note", f"its rules for {' and '.join(kinds)} are enforced", fix)


def excel(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """Desktop Excel, and where it comes from."""
    name = "Excel"
    identity = machine.registry("HKCR\\Excel.Application\\CLSID")
    if not identity:
        return Check(name, "fail", "not registered on this computer", "Install desktop Excel 2021 or Microsoft 365.")
    program = str(machine.registry(f"HKCR\\CLSID\\{identity.get('', '')}\\LocalServer32").get("", ""))
    if STORE_FOLDER in program.casefold():
        fix = "If the tab Video cost is missing, replace it by Microsoft 365 from office.com."
        return Check(name, "note", f"from the Microsoft Store ({program}): Windows shows it folders of its own", fix)
    office = machine.registry("HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration")
    version = office.get("VersionToReport") or machine.registry("HKCR\\Excel.Application\\CurVer").get("", "?")
    bits = excel_bits(machine)
    return Check(name, "ok", f"{version}, {f'{bits}-bit' if bits else 'taken for 64-bit'}")


def macros(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """Macros: in a trusted location such as XLSTART they run whatever is set for others."""
    name = "macros"
    if machine.registry(f"HKCU\\{POLICIES}\\Common").get("VBAOff") == 1:
        return Check(name, "fail", "a policy switches VBA off in Office", "Ask IT to allow VBA in Excel.")
    if not _setting(machine, "Trusted Locations", "AllLocationsDisabled"):
        return Check(name, "ok", "XLSTART is a trusted location; access to the VBA project (AccessVBOM) is not needed")
    if _setting(machine, "", "VBAWarnings") in {ONLY_SIGNED, MACROS_OFF}:
        fix = "Ask IT to allow trusted locations again: XLSTART is one."
        return Check(name, "fail", "trusted locations are off, and so are macros without a signature", fix)
    return Check(name, "note", "trusted locations are off: Excel asks before it loads the add-in", "Allow it there.")


def add_ins(machine: Machine, places: Folders, _: bytes | None) -> Check:
    """What Excel demands of add-ins, in trusted locations too: ours has no signature."""
    name, fix = "add-ins", "In Excel: File, Options, Trust Center, Add-ins, take that mark away; or ask IT for it."
    if _setting(machine, "", "DisableAllAddins"):
        return Check(name, "fail", "all add-ins of Excel are switched off", fix)
    if _setting(machine, "", "RequireAddinSig"):
        return Check(name, "fail", "Excel runs only add-ins that a trusted publisher signed", fix)
    if _values(machine, f"HKCU\\{POLICIES}\\Common\\Security").get("requirealwaysonmacrosig"):
        found = "a policy loads only what a trusted publisher signed when Excel starts"
        return Check(name, "fail", found, "Ask IT to allow the add-in, or to sign it.")
    return Check(name, "ok", "none are switched off, and none needs a signature")


def _setting(machine: Machine, below: str, value: str) -> object:
    # Of Excel's security: what a policy says counts before what the user has set.
    for office in (POLICIES, OFFICE):
        key = f"HKCU\\{office}\\Excel\\Security" + (f"\\{below}" if below else "")
        found = _values(machine, key).get(value.casefold())
        if found is not None:
            return found
    return None


def _values(machine: Machine, key: str) -> dict[str, object]:
    # Windows tells names of values by their letters alone, not by their case.
    return {name.casefold(): value for name, value in machine.registry(key).items()}
