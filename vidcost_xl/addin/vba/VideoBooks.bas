Option Explicit
Option Private Module

' Workbooks as they open: links to this add-in under another path, and stamps of another version.
' Not seen in real Excel.

Public Sub VideoOpened(ByVal book As Workbook)
    If book.IsAddin Then Exit Sub
    RelinkBook book
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

Private Function NamedCell(ByVal book As Workbook, ByVal name As String) As Range
    On Error GoTo missing
    Set NamedCell = book.Names(name).RefersToRange
missing:
End Function
