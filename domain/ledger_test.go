package domain

import (
	"testing"
	"time"
)

var ledgerRows = []row{
	{
		name: "a ledger is created for its commissioner", on: "2018-04-03",
		when: CreateLedger{Ledger: "oxfordshire", Commissioner: "ods:10Q", Name: "Oxfordshire CCG", Kind: KindLive},
		then: LedgerCreated{Ledger: "oxfordshire", Commissioner: "ods:10Q", Name: "Oxfordshire CCG", Kind: KindLive},
	},
	{
		name: "creating a ledger twice is refused", given: []chapter{created},
		when: CreateLedger{Ledger: "oxfordshire", Commissioner: "ods:10Q", Kind: KindLive}, rule: RuleLedgerExists,
	},
	{
		name: "a ledger without its commissioner is refused", on: "2018-04-03",
		when: CreateLedger{Ledger: "oxfordshire", Kind: KindLive}, rule: RuleTextMissing,
	},
	{
		name: "a ledger without a name is refused", on: "2018-04-03",
		when: CreateLedger{Commissioner: "ods:10Q", Kind: KindLive}, rule: RuleTextMissing,
	},
	{
		name: "a ledger that does not say whether its money is real is refused", on: "2018-04-03",
		when: CreateLedger{Ledger: "oxfordshire", Commissioner: "ods:10Q"}, rule: RuleTextMissing,
	},
	{
		name: "nothing is recorded before there is a ledger", on: "2018-04-03",
		when: RegisterBody{Body: north, Kind: KindNetwork}, rule: RuleLedgerMissing,
	},
	{
		name: "an effective date on what moves no money is refused", given: []chapter{created}, dated: "2018-04-01",
		when: RegisterBody{Body: north, Kind: KindNetwork}, rule: RuleEffectiveNotTaken,
	},
	{
		name: "money dated in a month that has not begun is refused", given: untilAllocated, on: "2018-12-31", dated: "2019-01-01",
		when: release(line(valley, north, leadership, 1)), rule: RulePeriodNotBegun,
	},
	{
		name: "money may be dated later in the month that has begun", given: untilAllocated, on: "2018-12-04", dated: "2018-12-31",
		when: ReleaseFunds{Fund: nr, Due: "2019-01-01", Lines: []Line{line(valley, north, leadership, 1)}},
		then: FundsReleased{Fund: nr, Due: "2019-01-01", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, leadership), Pence: 1, Draws: []Draw{fromAllocated(valley, north, leadership, 1)},
		}}},
	},
}

func TestLedger(t *testing.T) { tell(t, ledgerRows) }

func TestMoneyIsDatedInLondon(t *testing.T) {
	for _, at := range []struct {
		name      string
		recorded  string // UTC
		asked     Date
		effective Date
		period    Period
	}{
		{"a winter's day begins at midnight", "2019-01-15T00:00:00Z", "", "2019-01-15", "2018-19/M10"},
		{"the last moment of March in winter time", "2018-03-24T23:59:59Z", "", "2018-03-24", "2017-18/M12"},
		{"an hour before midnight in UTC is the next day in summer time", "2019-06-30T23:30:00Z", "", "2019-07-01", "2019-20/M04"},
		{"half an hour before it is still the day", "2019-06-30T22:59:59Z", "", "2019-06-30", "2019-20/M03"},
		{"half past midnight BST on 1 April is the new year, 31 March in UTC", "2019-03-31T23:30:00Z", "", "2019-04-01", "2019-20/M01"},
		{"half past eleven BST on 31 March is the old year", "2019-03-31T22:30:00Z", "", "2019-03-31", "2018-19/M12"},
		{"in winter time 1 April is the same in UTC", "2013-03-31T00:30:00Z", "", "2013-03-31", "2012-13/M12"},
		{"the night that summer time ends", "2018-10-27T23:30:00Z", "", "2018-10-28", "2018-19/M07"},
		{"a named day is kept", "2019-03-31T23:30:00Z", "2019-03-31", "2019-03-31", "2018-19/M12"},
		{"a named day in a month that has begun only in London is allowed", "2019-03-31T23:00:00Z", "2019-04-30", "2019-04-30", "2019-20/M01"},
	} {
		t.Run(at.name, func(t *testing.T) {
			s := newStory(t)
			created(s)
			year := terms(nr)
			year.Year = YearOf(at.effective)
			s.do(OpenFund{year})
			var err error
			if s.now, err = time.Parse(time.RFC3339, at.recorded); err != nil {
				t.Fatal(err)
			}
			facts, err := s.decide(confirm(1), at.asked)
			if err != nil {
				t.Fatal(err)
			}
			if facts[0].Effective != at.effective || facts[0].Period != at.period {
				t.Errorf("effective %s in %s, want %s in %s", facts[0].Effective, facts[0].Period, at.effective, at.period)
			}
		})
	}
	s := newStory(t)
	created(s)
	s.do(OpenFund{terms(nr)})
	s.now = time.Date(2019, 3, 31, 22, 59, 59, 0, time.UTC)
	if _, err := s.decide(confirm(1), "2019-04-01"); refusalOf(err) == nil || refusalOf(err).Rule != RulePeriodNotBegun {
		t.Errorf("one second before midnight BST April has not begun; got %v", err)
	}
}
