Option Explicit
Option Private Module

' Help for Excel's function wizard. The texts stand on the sheet _IntelliSense_ of this file,
' where the Excel-DNA IntelliSense add-in finds them too. Not seen in real Excel.

Public helpIsSet As Boolean

Public Sub SetHelp()
    ' Excel refuses this while no workbook is open: then the first one that is activated does it.
    If helpIsSet Then Exit Sub
    If ActiveWorkbook Is Nothing Then Exit Sub
    helpIsSet = DescribeFunctions()
End Sub

Private Function Described(ByVal functionName As String, ByVal group As String, ByVal row As Long) As Boolean
    Dim texts As Worksheet
    Dim arguments() As Variant
    Dim count As Long
    On Error GoTo failed
    Set texts = Application.ThisWorkbook.Worksheets("_IntelliSense_")
    Do While texts.Cells(row, 4 + 2 * count).Value2 <> ""
        ReDim Preserve arguments(0 To count)
        arguments(count) = texts.Cells(row, 5 + 2 * count).Value2
        count = count + 1
    Loop
    If count = 0 Then
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & functionName, Description:=texts.Cells(row, 2).Value2, Category:="Video cost: " & group
    Else
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & functionName, Description:=texts.Cells(row, 2).Value2, Category:="Video cost: " & group, ArgumentDescriptions:=arguments
    End If
    Described = True
failed:
    ' A function without help still works.
End Function
