package projections_test

import (
	"pcnledger/domain"
)

// A governed year in small: officers, requests of each outcome, balances brought in, a spend that is verified and paid in a
// run whose payment fails, a loss, an accrual, a recoding, a period closed, reopened and closed again, a spend that is
// taken back and replaced, and a claim whose approval is taken back.
//
// Brought in: limit 100,000, of it 40,000 unallocated, 50,000 allocated, 10,000 charged; a payable of 4,000 and a
// receivable of 1,000. Spent since: 6,000, 300 written off, and 100 in the place of 1,000.
const (
	controlFund = domain.FundCode("CTRL-2019")
	controlYear = domain.Service("2019-20")
	adminOne    = "admin-1"
	adminTwo    = "admin-2"
	recorderOne = "recorder-1"
	verifierOne = "verifier-1"
	approverOne = "approver-1"
	releaserOne = "releaser-1 for releaser-2"
)

// by stamps the last event with who raised and who approved it.
func (h *history) by(raised, approved string) {
	last := &h.events[len(h.events)-1]
	last.RaisedBy, last.ApprovedBy = raised, approved
}

// expect panics unless the last event has a number, for others name it.
func (h *history) expect(number int) {
	if len(h.events) != number {
		panic("an event of the governed year has another number than the others expect")
	}
}

var north19 = domain.Bucket{Payee: federation, Beneficiary: north, Category: development, For: controlYear}

func governedYear() []domain.Recorded {
	h := &history{}
	governedOfficers(h)
	governedPayments(h)
	governedMonthEnd(h)
	governedCorrections(h)
	governedClaim(h)
	governedRequests(h)
	return h.events
}

func appointed(officer domain.OfficerID, role domain.Role, limit domain.Pence) domain.Appointment {
	return domain.Appointment{
		Officer: officer, Identity: domain.Identity{Login: string(officer)}, Role: role, Limit: limit, From: "2019-04-01",
		Source: domain.Source{Title: "minute 14"},
	}
}

func governedOfficers(h *history) {
	const day = "2019-04-01"
	h.record(day, domain.LedgerCreated{Ledger: "governed", Commissioner: ccg, Kind: domain.KindDemo})
	h.record(day, domain.OfficerAppointed{Appointment: appointed(adminOne, domain.RoleAdministrator, 0)})
	h.record(day, domain.OfficerAppointed{Appointment: appointed(adminTwo, domain.RoleAdministrator, 0)})
	asked := domain.AppointOfficer{Appointment: appointed(recorderOne, domain.RoleRecorder, pounds(500))}
	h.record(day, domain.RequestHeld{
		Asked: domain.Asked{Command: asked}, Act: "OfficerAppointed", About: "officer/recorder-1", RaisedIn: 2,
		Why: "AppointOfficer needs two people", Digest: "d1", Expires: "2019-04-29",
	})
	h.by(adminOne, "")
	h.record("2019-04-02", domain.RequestApproved{Request: 4, Digest: "d1", ApprovedIn: 3})
	h.by(adminTwo, "")
	h.record("2019-04-02", domain.OfficerAppointed(asked))
	h.by(adminOne, adminTwo)
	h.events[5].Request = "4"
	deputy := appointed(recorderOne, domain.RoleApprover, pounds(5_000))
	deputy.DeputyOf, deputy.To = approverOne, "2019-12-31"
	h.record("2019-04-02", domain.OfficerAppointed{Appointment: deputy})
	h.record("2019-05-31", domain.AppointmentEnded{Appointment: 7, Officer: recorderOne, To: "2019-06-30", Reason: "left the team"})
	h.by(adminTwo, "")
	h.record("2019-05-31", domain.PolicyAdopted{Policy: domain.Policy{Title: "scheme of delegation", Expiry: 14, Source: domain.Source{Title: "paper 19/07"}}})
	interest := domain.Interest{
		Officer: approverOne, Body: federation, Nature: "partner in a member practice", Outcome: domain.OutcomeDecide, From: "2019-04-01",
		Decision: domain.Decision{Body: "Audit Committee", Date: "2019-04-10", Paper: "paper 4"},
	}
	h.record("2019-05-31", domain.InterestDeclared{Interest: interest})
	interest.Outcome, interest.From = domain.OutcomeExcluded, "2019-06-01"
	h.record("2019-06-01", domain.InterestDeclared{Interest: interest})
	h.record("2019-06-01", domain.FundOpened{Terms: domain.Terms{
		Fund: controlFund, Title: "Development", Year: "2019-20", From: "2019-04-01", To: "2020-03-31", Cover: domain.CoverHard,
		Basis: domain.BasisEvidence, Categories: []domain.Category{development, workforce},
	}})
	h.expect(12)
}

func journalLine(account domain.Account, b domain.Bucket, debit, credit int64) domain.JournalLine {
	return domain.JournalLine{Account: account, Fund: controlFund, Bucket: b, Debit: pounds(debit), Credit: pounds(credit)}
}

// onEvidence is a spend of one line on what is allocated.
func onEvidence(due domain.Date, pence domain.Pence) domain.SpendRecorded {
	return domain.SpendRecorded{Fund: controlFund, Reference: "invoice", Due: due, Lines: []domain.DrawnLine{
		{Bucket: north19, Pence: pence, Draws: []domain.Draw{draw(domain.Allocated, north19, pence)}},
	}}
}

// ofItem is a line that settles an item of the fund.
func ofItem(item domain.ItemID, pence domain.Pence, run int64) domain.SettledLine {
	return domain.SettledLine{
		Item: item, Fund: controlFund, Payee: federation, Beneficiary: north, Pence: pence, Parts: []domain.Part{{For: controlYear, Pence: pence}}, Run: run,
	}
}

func governedPayments(h *history) {
	h.post("2019-04-01", domain.BalancesOpened{Source: domain.Source{Title: "ledger of 2018/19"}, Due: "2019-05-15", Lines: []domain.JournalLine{
		journalLine(domain.Limit, north19, 0, 100_000), journalLine(domain.Unallocated, north19, 40_000, 0),
		journalLine(domain.Allocated, north19, 50_000, 0), journalLine(domain.Charged, north19, 10_000, 0),
		journalLine(domain.Expenditure, north19, 10_000, 0), journalLine(domain.Payables, north19, 0, 4_000),
		journalLine(domain.Receivables, north19, 1_000, 0), journalLine(domain.Clearing, north19, 0, 7_000),
	}})
	h.by(recorderOne, approverOne)
	h.post("2019-04-20", onEvidence("2019-05-20", pounds(6_000)))
	h.by(recorderOne, "")
	h.record("2019-04-21", domain.SpendVerified{Spend: 14, Evidence: "invoice and delivery note"})
	h.by(verifierOne, "")
	run := domain.PaymentRunProposed{
		Reference: "run of May", PayOn: "2019-05-10",
		Lines:  []domain.SettledLine{ofItem("13.6", pounds(4_000), 0), ofItem("14.1", pounds(5_400), 0)},
		SetOff: []domain.SettledLine{ofItem("14.1", pounds(600), 0)}, Netted: []domain.SettledLine{ofItem("13.7", pounds(600), 0)},
	}
	h.record("2019-05-08", run)
	h.by(recorderOne, approverOne)
	h.post("2019-05-10", domain.PaymentRunReleased{Run: 16, Reference: run.Reference, Lines: run.Lines, SetOff: run.SetOff, Netted: run.Netted})
	h.by(releaserOne, "")
	h.post("2019-05-13", domain.PaymentSettled{Reference: "BACS 1", Lines: []domain.SettledLine{ofItem("13.6", pounds(4_000), 16)}})
	h.post("2019-05-14", domain.PaymentFailed{Run: 16, Reason: "the account was closed", Lines: []domain.SettledLine{ofItem("14.1", pounds(5_400), 16)}})
	h.post("2019-05-28", domain.PaymentSettled{Reference: "CHAPS 2", Lines: []domain.SettledLine{ofItem("14.1", pounds(5_400), 0)}})
	h.post("2019-06-01", domain.ReceivableWrittenOff{
		Item: "13.7", Fund: controlFund, Payee: federation, Beneficiary: north, Loss: domain.LossBadDebt, Reason: "too small to pursue",
		Decision: domain.Decision{Body: "Audit Committee", Date: "2019-05-30", Paper: "paper 9"}, Pence: pounds(300), Parts: []domain.WrittenPart{{For: controlYear, Pence: pounds(300), Draws: []domain.Draw{draw(domain.Allocated, north19, pounds(300))}}},
	})
	h.by(recorderOne, approverOne)
	h.expect(21)
}

func governedMonthEnd(h *history) {
	h.post("2019-05-31", domain.AccrualPosted{Reason: "May's invoice has not come", Reverses: "2019-06-01", Lines: []domain.AccruedLine{
		{Fund: controlFund, Bucket: north19, Pence: pounds(2_000), Draws: []domain.Draw{draw(domain.Allocated, north19, pounds(2_000))}},
	}})
	moved := north19
	moved.Category = workforce
	h.post("2019-06-30", domain.JournalPosted{Reason: "coded wrongly", Lines: []domain.JournalLine{
		journalLine(domain.Expenditure, moved, 500, 0), journalLine(domain.Expenditure, north19, 0, 500),
		journalLine(domain.Charged, moved, 500, 0), journalLine(domain.Charged, north19, 0, 500),
	}})
	h.record("2019-05-02", domain.PeriodClosed{Period: "2019-20/M01", Soft: true})
	lines := []domain.TrialLine{
		{Fund: controlFund, Account: domain.Expenditure, Pence: pounds(16_000)}, {Fund: controlFund, Account: domain.Receivables, Pence: pounds(1_000)},
		{Fund: controlFund, Account: domain.Payables, Pence: pounds(-10_000)}, {Fund: controlFund, Account: domain.Clearing, Pence: pounds(-7_000)},
		{Fund: controlFund, Account: domain.Limit, Pence: pounds(-100_000)}, {Fund: controlFund, Account: domain.Unallocated, Pence: pounds(40_000)},
		{Fund: controlFund, Account: domain.Allocated, Pence: pounds(44_000)}, {Fund: controlFund, Account: domain.Charged, Pence: pounds(16_000)},
	}
	closed := domain.PeriodClosed{Period: "2019-20/M01", TrialBalance: lines, Hash: domain.HashTrialBalance("2019-20/M01", lines)}
	h.record("2019-05-03", closed)
	h.by(approverOne, "")
	h.record("2019-05-04", domain.PeriodReopened{Period: "2019-20/M01", Reason: "an invoice was found"})
	h.record("2019-05-05", closed)
	h.expect(27)
}

func governedCorrections(h *history) {
	wrong := onEvidence("2019-08-01", pounds(1_000))
	h.post("2019-07-02", wrong)
	h.post("2019-07-03", domain.EntryReversed{Entry: 28, Dated: "2019-07-02", In: "2019-20/M04", Reason: "a nought too many", Was: domain.Was{Event: wrong}})
	h.by(recorderOne, approverOne)
	h.record("2019-07-04", domain.EntryReplaced{Entry: 28, By: 31})
	h.post("2019-07-04", onEvidence("2019-08-01", pounds(100)))
	h.expect(31)
}

func governedClaim(h *history) {
	const month = domain.Service("2019-20/M04")
	h.record("2019-08-01", domain.ClaimSubmitted{Network: north, Month: month, Reference: "claim of July", Lines: []domain.ClaimLine{
		{Person: "token-000001", Costs: domain.Costs{Salary: pounds(4_000)}},
	}})
	h.by(recorderOne, "")
	h.record("2019-08-02", domain.ClaimQueried{Claim: 32, Question: "is the post filled?"})
	h.by(verifierOne, "")
	h.record("2019-08-05", domain.ClaimVerified{Claim: 32, Evidence: "contract and payslip"})
	h.by(verifierOne, "")
	approved := domain.ClaimApproved{
		Claim: 32, Fund: controlFund, Network: north, Payee: federation, Month: month, Due: "2019-09-05", Lines: []domain.ApprovedLine{{
			Person: "token-000001", Category: workforce, Cost: pounds(4_000), Percent: "70", Part: pounds(2_800), Maximum: pounds(3_000), Pence: pounds(2_800),
			Draws: []domain.Draw{draw(domain.Allocated, north19, pounds(2_800))},
		}},
	}
	h.post("2019-08-06", approved)
	h.by(recorderOne, approverOne)
	h.post("2019-08-07", domain.EntryReversed{Entry: 35, Dated: "2019-08-06", In: "2019-20/M05", Reason: "the wrong rate", Was: domain.Was{Event: approved}})
	h.by(recorderOne, approverOne)
	h.expect(36)
}

func governedRequests(h *history) {
	held := func(day, expires domain.Date) {
		h.record(day, domain.RequestHeld{
			Asked: domain.Asked{Command: domain.RegisterBody{Body: trust, Kind: domain.KindTrust}}, Act: "BodyRegistered", About: "body/local:TRUST-B", Limit: pounds(500),
			Worth: []domain.FundPence{{Fund: controlFund, Pence: pounds(700)}}, Judged: []domain.FundPence{{Fund: controlFund, Pence: pounds(900)}},
			Why: "above the limit", Digest: "d2", Expires: expires,
		})
		h.by(recorderOne, "")
	}
	held("2019-08-10", "2019-09-07")
	h.record("2019-08-11", domain.RequestRefused{Request: 37, Reason: "the plan is not agreed"})
	h.by(approverOne, "")
	held("2019-08-12", "2019-09-09")
	h.record("2019-08-13", domain.RequestWithdrawn{Request: 39, Reason: "asked for the wrong body"})
	h.by(recorderOne, "")
	held("2019-08-14", "2019-09-11")
	h.expect(41)
}
