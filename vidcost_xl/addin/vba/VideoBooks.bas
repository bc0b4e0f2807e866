Option Explicit
Option Private Module

' Workbooks as they open: links to this add-in under another path, formulas that Excel has not
' linked to it yet, and stamps of another version.
' Not seen in real Excel.

' Cells of a sheet that are looked at for #NAME?, at most: each takes memory. Ours have fewer.
Private Const MOST_CELLS As Long = 1000000

Public Sub VideoOpened(ByVal book As Workbook)
    If book.IsAddin Then Exit Sub
    RelinkBook book
    If Not NamedCell(book, "vidcost_stamp") Is Nothing Then EnterAgain book
    CheckStamp book
End Sub

Public Sub RelinkBook(ByVal book As Workbook)
    ' Excel saves =VIDEO_EGRESS() with the path of the add-in on that computer. Where it lies
    ' elsewhere here, the cell shows the path and an old value: point the link to this file.
    Dim links As Variant
    Dim link As Variant
    Dim wasSaved As Boolean
    Dim alerts As Boolean
    alerts = Application.DisplayAlerts
    On Error GoTo failed
    links = book.LinkSources(xlExcelLinks)
    If Not IsArray(links) Then Exit Sub
    wasSaved = book.Saved
    Application.DisplayAlerts = False
    For Each link In links
        If IsStrayLink(link, ThisWorkbook.FullName) Then
            book.ChangeLink link, ThisWorkbook.FullName, xlLinkTypeExcelLinks
        End If
    Next link
    ' Opening alone must not ask for saving on closing.
    If wasSaved Then book.Saved = True
failed:
    ' A protected sheet keeps its link; its cells keep their values.
    Application.DisplayAlerts = alerts
End Sub

Public Function IsStrayLink(ByVal link As String, ByVal here As String) As Boolean
    If LCase$(link) = LCase$(here) Then Exit Function
    IsStrayLink = (LCase$(FileNameOf(link)) = LCase$(FileNameOf(here)))
End Function

Private Function FileNameOf(ByVal path As String) As String
    FileNameOf = Replace(path, "/", "\")
    FileNameOf = Mid$(FileNameOf, InStrRev(FileNameOf, "\") + 1)
End Function

Public Sub EnterAgain(ByVal book As Workbook)
    ' In a file that Excel has not saved yet, a VIDEO function can show #NAME? though this add-in
    ' is open: the same formula, entered again, is looked up again.
    Dim sheet As Worksheet
    Dim wasSaved As Boolean
    Dim mode As Long
    On Error GoTo failed
    wasSaved = book.Saved
    mode = Application.Calculation
    For Each sheet In book.Worksheets
        EnterSheetAgain sheet, Unbound(sheet)
    Next sheet
failed:
    On Error Resume Next
    If Application.Calculation <> mode Then Application.Calculation = mode
    If wasSaved Then book.Saved = True
End Sub

Private Function Unbound(ByVal sheet As Worksheet) As Collection
    ' The cells that call our functions and show #NAME?.
    Dim used As Range
    Dim values As Variant
    Dim i As Long
    Dim j As Long
    Set Unbound = New Collection
    If sheet.UsedRange.CountLarge > MOST_CELLS Then Exit Function
    ' One row more, so that a single cell is an array too.
    Set used = sheet.UsedRange.Resize(sheet.UsedRange.Rows.Count + 1)
    values = used.Value2
    For i = 1 To UBound(values, 1)
        For j = 1 To UBound(values, 2)
            If IsError(values(i, j)) Then
                If CLng(values(i, j)) = xlErrName Then
                    If InStr(1, used.Cells(i, j).Formula2, "VIDEO_", vbTextCompare) > 0 Then Unbound.Add used.Cells(i, j)
                End If
            End If
        Next j
    Next i
End Function

Private Sub EnterSheetAgain(ByVal sheet As Worksheet, ByVal found As Collection)
    ' The protection of our sheets is anybody's to lift: lifted, and put back with what it allowed.
    ' A sheet that needs a secret word for that stays as it is.
    Dim cell As Variant
    Dim wasProtected As Boolean
    Dim drawings As Boolean
    Dim scenarios As Boolean
    Dim allowed As Variant
    If found.Count = 0 Then Exit Sub
    On Error GoTo failed
    Application.Calculation = xlCalculationManual
    If sheet.ProtectContents Then
        drawings = sheet.ProtectDrawingObjects
        scenarios = sheet.ProtectScenarios
        With sheet.Protection
            allowed = Array(.AllowFormattingCells, .AllowFormattingColumns, .AllowFormattingRows, .AllowInsertingColumns, .AllowInsertingRows, .AllowInsertingHyperlinks, .AllowDeletingColumns, .AllowDeletingRows, .AllowSorting, .AllowFiltering, .AllowUsingPivotTables)
        End With
        sheet.Unprotect ""
        wasProtected = True
    End If
    For Each cell In found
        EnterCell cell
    Next cell
failed:
    If wasProtected Then
        sheet.Protect DrawingObjects:=drawings, Contents:=True, Scenarios:=scenarios, AllowFormattingCells:=allowed(0), AllowFormattingColumns:=allowed(1), AllowFormattingRows:=allowed(2), AllowInsertingColumns:=allowed(3), AllowInsertingRows:=allowed(4), AllowInsertingHyperlinks:=allowed(5), AllowDeletingColumns:=allowed(6), AllowDeletingRows:=allowed(7), AllowSorting:=allowed(8), AllowFiltering:=allowed(9), AllowUsingPivotTables:=allowed(10)
    End If
End Sub

Private Sub EnterCell(ByVal cell As Range)
    ' A part of an array cannot be entered alone: it stays, the others are entered.
    On Error Resume Next
    cell.Formula2 = cell.Formula2
End Sub

Public Sub CheckStamp(ByVal book As Workbook)
    ' A workbook of ours names the version that computed it (vidcost_stamp) and a cell that its
    ' master check reads (vidcost_stamp_ok). After an upgrade that cell becomes FALSE.
    Dim stamp As Range
    Dim verdict As Range
    Dim running As Variant
    Dim wasSaved As Boolean
    On Error GoTo failed
    Set verdict = NamedCell(book, "vidcost_stamp_ok")
    If verdict Is Nothing Then Exit Sub
    Set stamp = NamedCell(book, "vidcost_stamp")
    If stamp Is Nothing Then Exit Sub
    If Not MayStamp(book, verdict) Then Exit Sub
    running = VIDEO_VERSION()
    If VarType(running) <> vbString Then Exit Sub
    wasSaved = book.Saved
    If IsError(verdict.Value2) Or IsEmpty(verdict.Value2) Then
        verdict.Value2 = (running = stamp.Value2)
    ElseIf verdict.Value2 <> (running = stamp.Value2) Then
        verdict.Value2 = (running = stamp.Value2)
    End If
    If wasSaved Then book.Saved = True
failed:
End Sub

Private Function MayStamp(ByVal book As Workbook, ByVal verdict As Range) As Boolean
    ' Where Excel saves by itself, opening a file would change it for everybody who has it.
    If book.ReadOnly Or SavesItself(book) Then Exit Function
    MayStamp = Not (verdict.Worksheet.ProtectContents And verdict.Locked)
End Function

Private Function SavesItself(ByVal book As Object) As Boolean
    ' AutoSave, which Excel without a subscription lacks.
    On Error Resume Next
    SavesItself = book.AutoSaveOn
End Function

Private Function NamedCell(ByVal book As Workbook, ByVal name As String) As Range
    On Error GoTo missing
    Set NamedCell = book.Names(name).RefersToRange
missing:
End Function
