Option Explicit

' The tab "Video cost". Each button is a thin call into Python; what it makes stands in a new
' workbook, so the user's workbook, its Undo and other people's view of it stay as they are. What
' takes longer than about a second is begun here and watched by VideoJobs.
' Not seen in real Excel.

' Excel has no active workbook while the only one is in Protected View.
Private Const NOTHING_OPEN As String = "No cell of a workbook that can be edited is selected. In Protected View, press Enable Editing first."

Public Sub VideoStart()
    ' Runs as soon as Excel is idle after opening the add-in.
    Dim book As Workbook
    SetHelp
    For Each book In Application.Workbooks
        VideoOpened book
    Next book
End Sub

Public Sub VideoNewWorkbook(control As IRibbonControl)
    Dim path As Variant
    On Error GoTo failed
    If IsBusy(Nothing) Then Exit Sub
    path = Application.GetSaveAsFilename("video-data-cost.xlsx", "Excel workbook (*.xlsx), *.xlsx", 1, "New video cost workbook")
    If VarType(path) = vbBoolean Then Exit Sub
    BeginJob "new_workbook", Nothing, "", path, ""
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoInsertFunction(control As IRibbonControl)
    ' Excel's own dialog: what it enters can be undone.
    On Error GoTo failed
    SetHelp
    Application.Dialogs(xlDialogFunctionWizard).Show
    Exit Sub
failed:
    Tell "Select a cell first, then use Insert function: the groups are called Video cost."
End Sub

Public Sub VideoRecalculate(control As IRibbonControl)
    ' Restarts Python, so that an upgrade or a changed configuration counts at once.
    Dim book As Workbook
    On Error GoTo failed
    KillPy
    For Each book In Application.Workbooks
        RelinkBook book
        EnterAgain book
    Next book
    Application.CalculateFullRebuild
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoExplain(control As IRibbonControl)
    Dim formulas As Variant
    Dim explained As Range
    Dim book As Workbook
    Dim i As Long
    On Error GoTo failed
    If ActiveCell Is Nothing Then
        Tell NOTHING_OPEN
        Exit Sub
    End If
    Set explained = FormulaCell(ActiveCell)
    formulas = Answer("explanations", Array(FormulaOf(explained), explained.Worksheet.Parent.Name, explained.Worksheet.Name))
    If formulas = "" Then Exit Sub
    formulas = Split(formulas, Chr$(1))
    Set book = Workbooks.Add
    For i = 0 To UBound(formulas)
        If i > 0 Then book.Worksheets.Add After:=book.Worksheets(book.Worksheets.Count)
        ExplainOn book.Worksheets(book.Worksheets.Count), CStr(formulas(i)), explained
    Next i
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoCheck(control As IRibbonControl)
    WorkOnCopy "check_findings", ""
End Sub

Public Sub VideoRefresh(control As IRibbonControl)
    WorkOnCopy "refreshed", ""
End Sub

Public Sub VideoAudit(control As IRibbonControl)
    WorkOnCopy "self_audited", ""
End Sub

Public Sub VideoDecide(control As IRibbonControl)
    WorkOnCopy "decided", ""
End Sub

Public Sub VideoHandoff(control As IRibbonControl)
    WorkOnCopy "handed_off", Application.UserName
End Sub

Public Sub VideoSign(control As IRibbonControl)
    WorkOnCopy "signed", Application.UserName
End Sub

Public Sub VideoVerify(control As IRibbonControl)
    WorkOnCopy "verified", ""
End Sub

Public Sub VideoCancel(control As IRibbonControl)
    On Error GoTo failed
    CancelJob
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoPoll()
    ' Excel calls this about each second while Python works for a button.
    PollJobs
End Sub

Public Sub VideoPrices(control As IRibbonControl)
    On Error GoTo failed
    If Not IsBusy(Nothing) Then BeginJob "price_list", Nothing, "", "", ""
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoHelpSheet(control As IRibbonControl)
    On Error GoTo failed
    ShowResult RibbonCall("function_reference", Array("")), ""
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub VideoAbout(control As IRibbonControl)
    Dim text As String
    On Error GoTo failed
    text = Answer("about", Array(ThisWorkbook.FullName))
    If text <> "" Then MsgBox text, vbInformation, "Video cost"
    Exit Sub
failed:
    Tell "Python does not answer. " & Err.Description & vbLf & vbLf & "Add-in: " & ThisWorkbook.FullName & vbLf & "Configuration: " & ConfigurationPath() & vbLf & vbLf & ServerAdvice()
End Sub

Public Sub VideoDoctor(control As IRibbonControl)
    ' Python is not asked: this says what is wrong when it does not answer. The window stays open.
    Dim program As String
    Dim unused As Double
    On Error GoTo failed
    program = DoctorCommand()
    If Dir$(program) = "" Then
        Tell program & " is missing: the add-in is not installed for this user. Close Excel and run install.ps1, which puts it there."
        Exit Sub
    End If
    unused = Shell(Environ$("COMSPEC") & " /d /s /k """"" & program & """ doctor""", vbNormalFocus)
    Exit Sub
failed:
    Tell "Windows did not let Excel start it (" & Err.Description & "). Press Windows+R and run " & DoctorTyped() & " there; if that works, a rule of your organisation keeps Office from starting programs."
End Sub

Private Function Answer(ByVal functionName As String, ByVal values As Variant) As String
    ' A question mark in front: Python refuses, and says why.
    Answer = RibbonCall(functionName, values)
    If Left$(Answer, 1) = "?" Then
        Tell Mid$(Answer, 2)
        Answer = ""
    End If
End Function

Private Sub WorkOnCopy(ByVal action As String, ByVal user As String)
    ' Python gets a copy: the workbook keeps its values and its Undo, and one in OneDrive has an
    ' address in place of a file. What Python makes of the copy opens as an unsaved workbook.
    Dim copied As String
    On Error GoTo failed
    If ActiveWorkbook Is Nothing Then
        Tell NOTHING_OPEN
        Exit Sub
    End If
    If IsBusy(ActiveWorkbook) Then Exit Sub
    copied = CopyOf(ActiveWorkbook)
    BeginJob action, ActiveWorkbook, ActiveWorkbook.Name, copied, user
    Exit Sub
failed:
    Tell Err.Description
    If copied <> "" Then Discard copied
End Sub

Private Function CopyOf(ByVal book As Workbook) As String
    ' A folder of its own, so that the copy keeps the workbook's name.
    Dim folder As String
    folder = Environ$("TEMP") & "\vidcost-" & Format$(Now, "yyyymmddhhnnss") & CStr(Int(Rnd * 10000))
    MkDir folder
    CopyOf = folder & "\" & book.Name
    If InStr(book.Name, ".") = 0 Then CopyOf = CopyOf & ".xlsx"
    book.SaveCopyAs CopyOf
End Function

Private Function FormulaCell(ByVal cell As Range) As Range
    ' Of a cell that a result spilled into, the one with the formula.
    Set FormulaCell = cell
    On Error GoTo alone
    If cell.HasSpill Then Set FormulaCell = cell.SpillParent
alone:
End Function

Private Function FormulaOf(ByVal cell As Range) As String
    ' Formula2 shows where a range is cut to one cell; Excel before dynamic arrays lacks it.
    On Error GoTo older
    FormulaOf = cell.Formula2
    Exit Function
older:
    FormulaOf = cell.Formula
End Function

Private Sub ExplainOn(ByVal sheet As Worksheet, ByVal formula As String, ByVal explained As Range)
    ' Excel itself resolves the arguments; then the table becomes plain values.
    Dim table As Range
    Dim values As Variant
    sheet.Range("A1").Value2 = explained.Worksheet.Parent.Name & ", " & explained.Worksheet.Name & ", " & Replace(explained.Address, "$", "")
    sheet.Range("A2").Value2 = "'" & FormulaOf(explained)
    sheet.Range("A3").Value2 = "'" & formula
    sheet.Range("A5").Formula2 = formula
    Set table = sheet.Range("A5")
    If table.HasSpill Then Set table = table.SpillingToRange
    values = table.Value2
    sheet.Range("A5").ClearContents
    table.Value2 = values
    table.Rows(1).Font.Bold = True
    sheet.Range("A1").Font.Bold = True
    sheet.Columns(1).ColumnWidth = 34
    sheet.Columns(2).ColumnWidth = 26
    sheet.Columns(3).ColumnWidth = 14
    sheet.Columns(4).ColumnWidth = 90
End Sub
