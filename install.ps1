<#
.SYNOPSIS
Installs the Excel add-in vidcost-xl for this Windows user, without administrator rights.

.DESCRIPTION
Finds a 64-bit Python and hands over to it: every decision is in vidcost_xl\addin\bootstrap.py
and install.py. Works in Windows PowerShell 5.1 and in PowerShell 7.

.PARAMETER Uninstall
Removes what an installation placed.

.PARAMETER Check
Only says whether the installation is complete and current.

.PARAMETER WhatIf
Only says what would be done.

.PARAMETER Source
The checkout or the wheel to install. Left out: a wheel beside this file, or the checkout it lies in.

.PARAMETER Python
The python.exe to use. Left out: the first suitable one of the py launcher, the registry and PATH.

.PARAMETER PipOptions
Further options of pip, such as '--no-index --find-links D:\wheels'.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1
#>
[CmdletBinding()]
param(
    [switch]$Uninstall,
    [switch]$Check,
    [switch]$WhatIf,
    [string]$Source = '',
    [string]$Python = '',
    [string]$PipOptions = ''
)

Set-StrictMode -Version 2.0
# 'Continue': Windows PowerShell 5.1 would stop at the first line that a program writes to its error stream.
$ErrorActionPreference = 'Continue'

# Single quotes only: Windows PowerShell 5.1 loses double quotes inside an argument of a program.
$HandOver = 'import sys; sys.path.insert(0, sys.argv[1]); from vidcost_xl.addin.bootstrap import main; sys.exit(main(sys.argv[2:]))'

function Get-PythonCandidate {
    if ($Python) {
        $Python
        return
    }
    if (Get-Command -Name 'py.exe' -CommandType Application -ErrorAction SilentlyContinue) {
        $lines = & 'py.exe' '--list-paths' 2>$null
        foreach ($line in $lines) {
            if ("$line" -match '([A-Za-z]:\\.*python[0-9.]*\.exe)\s*$') { $Matches[1] }
        }
    }
    foreach ($root in 'HKCU:\Software\Python\PythonCore', 'HKLM:\Software\Python\PythonCore') {
        foreach ($version in (Get-ChildItem -Path $root -ErrorAction SilentlyContinue)) {
            $key = Join-Path -Path $version.PSPath -ChildPath 'InstallPath'
            $folder = (Get-Item -LiteralPath $key -ErrorAction SilentlyContinue | ForEach-Object { $_.GetValue('') })
            if ($folder) { Join-Path -Path $folder -ChildPath 'python.exe' }
        }
    }
    Get-Command -Name 'python.exe', 'python3.exe' -CommandType Application -All -ErrorAction SilentlyContinue |
        ForEach-Object { $_.Path }
}

if (-not $Source) {
    $Source = $PSScriptRoot
    $wheel = Get-ChildItem -LiteralPath $PSScriptRoot -Filter 'vidcost_xl-*.whl' | Sort-Object -Property LastWriteTime |
        Select-Object -Last 1
    if ($wheel) { $Source = $wheel.FullName }
}
$Source = $Source.TrimEnd('\')

$suitable = $null
foreach ($candidate in (Get-PythonCandidate | Select-Object -Unique)) {
    if (-not (Test-Path -LiteralPath $candidate)) { continue }
    $answer = & $candidate -I -B -c $HandOver $Source --probe 2>&1
    if ($LASTEXITCODE -eq 0) {
        $suitable = $candidate
        break
    }
    Write-Host "Not suitable: $candidate"
    if ($answer) { Write-Host "    $(@($answer)[-1])" }
}
if (-not $suitable) {
    Write-Host 'No suitable Python was found. Install 64-bit Python 3.11 or newer from https://www.python.org/downloads/windows/'
    Write-Host 'for this user only (not from the Microsoft Store: Excel cannot start that one), then run install.ps1 again.'
    exit 2
}

$arguments = @('--source', $Source)
if ($PipOptions) { $arguments += "--pip=$PipOptions" }
if ($Uninstall) { $arguments += '--uninstall' }
if ($Check) { $arguments += '--check' }
if ($WhatIf) { $arguments += '--what-if' }
& $suitable -I -B -c $HandOver $Source @arguments
exit $LASTEXITCODE
