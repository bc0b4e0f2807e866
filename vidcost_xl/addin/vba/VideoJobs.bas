Option Explicit
Option Private Module

' Long work: Python does it in a process of its own, so that Excel and the functions go on. About
' each second, whenever Excel is idle, Python is asked how far it is; the status bar says so, and
' what was made opens when it is there. Not seen in real Excel.

' In front of an answer: the work is not done; the rest is for the status bar.
Private Const NOT_YET As String = "~"

' The action whose result lies where the user wants it; what others make opens as an unsaved copy.
Private Const SAVED As String = "new_workbook"

' What runs: arrays of its number, its title, its workbook or Nothing, and its action.
Private jobs As New Collection
Private nextPoll As Date
Private isPolling As Boolean

' ---- Begin, watch, cancel ----

Public Sub BeginJob(ByVal action As String, ByVal book As Workbook, ByVal subject As String, ByVal path As String, ByVal user As String)
    Dim begun As Variant
    begun = RibbonCall("start_job", Array(action, subject, path, user))
    If Left$(begun, 1) = "?" Then
        If path <> "" And action <> SAVED Then Discard path
        Tell Mid$(begun, 2)
        Exit Sub
    End If
    begun = Split(begun, Chr$(1))
    jobs.Add Array(begun(0), begun(1), book, action)
    Watch "Video cost: " & begun(1) & " begins."
End Sub

Public Function IsBusy(ByVal book As Workbook) As Boolean
    ' One at a time for each workbook, and one that needs none.
    Dim place As Long
    ResumePolling
    place = JobOf(book)
    If place = 0 Then Exit Function
    IsBusy = True
    Tell jobs(place)(1) & " is running. Wait for it, or press Cancel first."
End Function

Public Sub PollJobs()
    Dim i As Long
    Dim said As String
    Dim shown As String
    Dim action As String
    isPolling = False
    For i = 1 To jobs.Count
        said = StateOf(jobs(i))
        If Left$(said, 1) <> NOT_YET Then
            action = jobs(i)(3)
            jobs.Remove i
            Exit For
        End If
        shown = Mid$(said, 2)
        said = ""
    Next i
    ' First the next look at the others: a message stays until somebody closes it.
    Watch shown
    ShowResult said, action
End Sub

Public Sub CancelJob()
    ' Of the active workbook; of another one where nothing else runs.
    Dim place As Long
    Dim said As String
    ResumePolling
    If jobs.Count = 0 Then
        Tell "Nothing is running."
        Exit Sub
    End If
    place = JobOf(ActiveWorkbook)
    If place = 0 And jobs.Count = 1 Then place = 1
    If place = 0 Then
        Tell "Nothing is running for this workbook. Go to the workbook whose work is to end: " & Titles() & "."
        Exit Sub
    End If
    said = Ended(jobs(place))
    jobs.Remove place
    Watch ""
    Tell said
End Sub

Public Sub StopPolling()
    ' A look that Excel still owes this file would open it again after it was closed.
    On Error Resume Next
    If isPolling Then Application.OnTime nextPoll, PollName(), Schedule:=False
    isPolling = False
    Application.StatusBar = False
End Sub

Public Sub ResumePolling()
    ' Somebody who is asked whether to save can still decide to stay in Excel.
    If jobs.Count > 0 And Not isPolling Then Watch ""
End Sub

Private Sub Watch(ByVal shown As String)
    If jobs.Count = 0 Then
        StopPolling
        Exit Sub
    End If
    If shown <> "" Then Application.StatusBar = shown
    If isPolling Then Exit Sub
    nextPoll = Now + TimeSerial(0, 0, 1)
    Application.OnTime nextPoll, PollName()
    isPolling = True
End Sub

Private Function PollName() As String
    PollName = "'" & ThisWorkbook.Name & "'!VideoPoll"
End Function

Private Function StateOf(ByVal job As Variant) As String
    ' Nothing for a workbook that was closed: its work ends, and nobody waits for it.
    Dim unread As String
    On Error GoTo failed
    If IsClosed(job(2)) Then
        unread = Ended(job)
    Else
        StateOf = RibbonCall("job_state", Array(job(0)))
    End If
    Exit Function
failed:
    StateOf = "?" & job(1) & " ended: Python does not answer. " & Err.Description
End Function

Private Function Ended(ByVal job As Variant) As String
    On Error GoTo failed
    Ended = RibbonCall("cancel_job", Array(job(0)))
    If Left$(Ended, 1) = "?" Then Ended = Mid$(Ended, 2)
    Exit Function
failed:
    Ended = job(1) & " ended: Python does not answer. " & Err.Description
End Function

Private Function JobOf(ByVal book As Workbook) As Long
    Dim i As Long
    For i = 1 To jobs.Count
        If SameBook(jobs(i)(2), book) Then JobOf = i
    Next i
End Function

Private Function SameBook(ByVal one As Object, ByVal other As Object) As Boolean
    If one Is Nothing Or other Is Nothing Then
        SameBook = (one Is Nothing) And (other Is Nothing)
        Exit Function
    End If
    On Error GoTo gone
    SameBook = (one.FullName = other.FullName)
gone:
End Function

Private Function IsClosed(ByVal book As Object) As Boolean
    Dim unread As String
    If book Is Nothing Then Exit Function
    On Error GoTo gone
    unread = book.Name
    Exit Function
gone:
    IsClosed = True
End Function

Private Function Titles() As String
    Dim i As Long
    For i = 1 To jobs.Count
        If i > 1 Then Titles = Titles & ", "
        Titles = Titles & jobs(i)(1)
    Next i
End Function

' ---- What was made ----

Public Sub ShowResult(ByVal answered As String, ByVal action As String)
    ' A refusal behind a question mark; or the path of a file and what else is to be told.
    Dim made As Variant
    On Error GoTo failed
    If answered = "" Then Exit Sub
    If Left$(answered, 1) = "?" Then
        Tell Mid$(answered, 2)
        Exit Sub
    End If
    made = Split(answered, Chr$(1))
    If action = SAVED Then
        Workbooks.Open made(0)
    Else
        Workbooks.Add made(0)
        Discard CStr(made(0))
    End If
    If UBound(made) > 0 Then Tell CStr(made(1))
    Exit Sub
failed:
    Tell Err.Description
End Sub

Public Sub Discard(ByVal path As String)
    On Error Resume Next
    Kill path
    RmDir Left$(path, InStrRev(path, "\") - 1)
End Sub

Public Sub Tell(ByVal text As String)
    MsgBox text, vbExclamation, "Video cost"
End Sub
