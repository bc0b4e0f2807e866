' Below this line: vidcost-xl, in place of xlwings' look-ups. One Python for Excel, started
' by one command that names no workbook; both come from the configuration file, read once.

Private Const PATIENCE_SECONDS As Single = 600

Private startCommand As String
Private starts As Long
Private failure As String
Private failedAt As Single

Function XLPy() As Object
    Dim answer As Variant
    ' Every try can take the DLL a minute: none for each cell of a sheet, nor at each recalculation.
    If failure <> "" And Abs(Timer - failedAt) < PATIENCE_SECONDS Then Err.Raise 1000, Description:=failure
    On Error GoTo failed
    If startCommand = "" Then
        LoadServerDll
        startCommand = XLPyCommand()
    End If
    If XLPyDLLActivateAuto(answer, startCommand, 1) <> 0 Then Err.Raise 1000, Description:=answer
    Set XLPy = answer
    failure = ""
    Exit Function
failed:
    failure = Err.Description & " Press Recalculate all to try again; by itself Excel tries after ten minutes."
    failedAt = Timer
    startCommand = ""
    ForgetConfiguration
    Err.Raise 1000, Description:=failure
End Function

Sub KillPy()
    ' Stops Python; the next call reads the configuration again and starts another one.
    Dim unused As Variant
    failure = ""
    If startCommand <> "" Then XLPyDLLActivateAuto unused, startCommand, -1
    startCommand = ""
    ForgetConfiguration
End Sub

Function XLPyCommand() As String
    ' The DLL keeps a class for each command and cannot use the class of a stopped Python
    ' again: every start has a number behind its command, which the server does not read.
    starts = starts + 1
    XLPyCommand = ServerCommand() & " " & starts
End Function

Private Sub LoadServerDll()
    Dim path As String
    path = ConfigurationValue("dll")
    If LCase$(Right$(path, Len(XLPyDLLName))) <> LCase$(XLPyDLLName) Then
        Err.Raise 1001, Description:="The add-in needs " & XLPyDLLName & " and the configuration names " & path & ". " & ServerAdvice()
    End If
    If LoadLibrary(path) = 0 Then
        Err.Raise 1001, Description:="Windows could not load " & path & ": it is missing, blocked, or Excel is 32-bit. " & ServerAdvice()
    End If
End Sub
