Option Explicit
Option Private Module

' Between cells and Python: reads the configuration, sends values, turns answers into cells.
' Not seen in real Excel: run by an interpreter of VBA against the real Python server.
'
' Configuration: %LOCALAPPDATA%\vidcost-xl\vidcost.conf, written by the installer, in the
' ANSI code page of Windows, one key=value a line:
'   interpreter   full path of pythonw.exe
'   dll           full path of the xlwings DLL
'   log           full path of the log file

Private Const CELL_MODULE As String = "vidcost_xl.hosts.com"
Private Const RIBBON_MODULE As String = "vidcost_xl.addin.ribbon"
Private Const START_COMMAND As String = "@COMMAND@"

Private configurationText As String
Private latestProblem As String

' ---- Calls from cells ----

Public Function VideoCall(ByVal functionName As String, ByVal given As Variant) As Variant
    ' given: an array of what stands between the commas; the trailing commas are not sent.
    Dim values() As Variant
    Dim last As Long
    Dim i As Long
    On Error GoTo failed
    last = UBound(given)
    Do While last > 0
        If Not IsMissing(given(last)) Then Exit Do
        last = last - 1
    Loop
    If last < 0 Then last = 0
    ReDim values(0 To last)
    values(0) = Chr$(1) & "omitted"
    For i = 0 To UBound(given)
        If i > last Then Exit For
        values(i) = Sent(given(i))
    Next i
    VideoCall = Shown(XLPy.CallUDF(CELL_MODULE, functionName, values))
    Exit Function
failed:
    latestProblem = Err.Description
    VideoCall = CVErr(xlErrValue)
    ' Only an explanation may answer with text where a number could stand.
    If functionName = "VIDEO_EXPLAIN" Then VideoCall = "Python did not answer. " & latestProblem
End Function

Public Function RibbonCall(ByVal functionName As String, ByVal values As Variant) As String
    RibbonCall = XLPy.CallUDF(RIBBON_MODULE, functionName, values)
End Function

Public Function VideoProblem() As String
    VideoProblem = latestProblem
End Function

Private Function Sent(Optional ByVal value As Variant) As Variant
    If IsMissing(value) Then
        Sent = Chr$(1) & "omitted"
    ElseIf TypeName(value) = "Range" Then
        Sent = SentRange(value)
    ElseIf IsObject(value) Then
        Sent = CVErr(xlErrValue)
    Else
        Sent = value
    End If
End Function

Private Function SentRange(ByVal cells As Range) As Variant
    ' Value2: a currency is not cut to four places, a date is its serial.
    Dim used As Range
    If cells.Areas.Count > 1 Then
        SentRange = Chr$(1) & "areas"
    ElseIf cells.Rows.Count < cells.Worksheet.Rows.Count Then
        SentRange = cells.Value2
    Else
        Set used = UsedPart(cells)
        If used Is Nothing Then
            SentRange = Chr$(1) & "blank column"
        Else
            SentRange = used.Value2
        End If
    End If
End Function

Private Function UsedPart(ByVal columns As Range) As Range
    ' Of whole columns, the rows down to the last one with anything in it.
    Dim found As Range
    Dim last As Long
    Set found = Application.Intersect(columns, columns.Worksheet.UsedRange)
    If found Is Nothing Then Exit Function
    last = LastFilled(found.Value2)
    If last = 0 Then Exit Function
    Set UsedPart = columns.Resize(found.Row + last - 1, columns.Columns.Count)
End Function

Private Function LastFilled(ByVal values As Variant) As Long
    Dim i As Long
    Dim j As Long
    If Not IsArray(values) Then
        If Not IsEmpty(values) Then LastFilled = 1
        Exit Function
    End If
    For i = UBound(values, 1) To 1 Step -1
        For j = 1 To UBound(values, 2)
            If Not IsEmpty(values(i, j)) Then
                LastFilled = i
                Exit Function
            End If
        Next j
    Next i
End Function

' ---- Answers ----

Private Function Shown(ByVal answer As Variant) As Variant
    Dim i As Long
    Dim j As Long
    If Not IsArray(answer) Then
        Shown = ShownCell(answer)
        Exit Function
    End If
    If Dimensions(answer) = 1 Then
        For i = LBound(answer) To UBound(answer)
            answer(i) = ShownCell(answer(i))
        Next i
    Else
        For i = LBound(answer, 1) To UBound(answer, 1)
            For j = LBound(answer, 2) To UBound(answer, 2)
                answer(i, j) = ShownCell(answer(i, j))
            Next j
        Next i
    End If
    Shown = answer
End Function

Private Function ShownCell(ByVal cell As Variant) As Variant
    ' An error comes as text behind Chr(1), since COM knows no error values of Excel's.
    ShownCell = cell
    If VarType(cell) = vbString Then
        If Left$(cell, 1) = Chr$(1) Then ShownCell = CVErr(ErrorNumber(Mid$(cell, 2)))
    End If
End Function

Private Function ErrorNumber(ByVal code As String) As Long
    Select Case code
@ERRORS@
        Case Else: ErrorNumber = xlErrValue
    End Select
End Function

Private Function Dimensions(ByVal values As Variant) As Long
    Dim bound As Long
    On Error GoTo one
    bound = UBound(values, 2)
    Dimensions = 2
    Exit Function
one:
    Dimensions = 1
End Function

' ---- Configuration ----

Public Function ServerCommand() As String
    ServerCommand = Replace(START_COMMAND, "{interpreter}", ConfigurationValue("interpreter"))
    ServerCommand = Replace(ServerCommand, "{log}", ConfigurationValue("log"))
End Function

Public Function ConfigurationValue(ByVal key As String) As String
    Dim entry As Variant
    Dim equals As Long
    If configurationText = "" Then configurationText = ReadConfiguration(ConfigurationPath())
    For Each entry In Split(configurationText, vbLf)
        equals = InStr(entry, "=")
        If equals > 1 And Left$(Trim$(entry), 1) <> "#" Then
            If LCase$(Trim$(Left$(entry, equals - 1))) = key Then
                ConfigurationValue = Trim$(Mid$(entry, equals + 1))
                Exit Function
            End If
        End If
    Next entry
    Err.Raise 1002, Description:="The configuration " & ConfigurationPath() & " has no line " & key & "=. " & ServerAdvice()
End Function

Public Function ConfigurationPath() As String
    ConfigurationPath = Environ$("LOCALAPPDATA") & "\vidcost-xl\vidcost.conf"
End Function

Public Sub ForgetConfiguration()
    configurationText = ""
End Sub

Public Function DoctorCommand() As String
    ' Beside the configuration, whatever environment is in use.
    DoctorCommand = Replace(ConfigurationPath(), "vidcost.conf", "vidcost.cmd")
End Function

Public Function DoctorTyped() As String
    ' For the window of Windows+R, which would close with the program.
    DoctorTyped = "cmd /k """"" & DoctorCommand() & """ doctor"""
End Function

Public Function ServerAdvice() As String
    ServerAdvice = "Press Doctor on the tab Video cost, or Windows+R and run " & DoctorTyped() & ", for what to do."
End Function

Private Function ReadConfiguration(ByVal path As String) As String
    Dim number As Integer
    Dim entry As String
    If Dir$(path) = "" Then Err.Raise 1002, Description:="The configuration " & path & " is missing: the add-in is not installed for this user. " & ServerAdvice()
    number = FreeFile
    Open path For Input As #number
    Do Until EOF(number)
        Line Input #number, entry
        ReadConfiguration = ReadConfiguration & entry & vbLf
    Loop
    Close #number
End Function
