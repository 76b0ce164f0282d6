package projections

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pcnledger/domain"
)

// Periods holds, of each period that was ever posted to or closed, what was posted in it, and how it was closed. Its
// figures are by period: an accrual and its reversal stand in two.
type Periods struct {
	book     *book
	rows     table[wordKey, periodRow]
	moves    table[periodKey, Turnover] // by account of a fund
	closings map[domain.Period][]Closing
	through  domain.Period          // the last month that is closed, and with it all before; none if none is
	soft     domain.Period          // the last month that is softly closed, and with it all before that are not closed
	adjusted map[domain.Period]bool // the thirteenth periods that are closed
	recent   recentTexts
	lately   [accountCount]recentMove // by account
}

// A wordKey is a word as the key of a table.
type wordKey word

func (k wordKey) hash() uint32 { return hashNumber(int64(k)) }

// A periodKey is an account of a fund in a period.
type periodKey struct {
	totalKey
	period word
}

func (k periodKey) hash() uint32 {
	return uint32(mix(mix(uint64(k.account), uint64(k.fund)), uint64(k.period)))
}

// A recentMove is what was posted to lately, and its number, from 1: the lines of an event mostly go there again.
type recentMove struct {
	key    periodKey
	number int32
}

// A periodRow is what was posted in a period in all.
type periodRow struct {
	postings int64
	Turnover
}

// A PeriodStatus says whether a period takes postings.
type PeriodStatus string

// The statuses of a period.
const (
	PeriodOpen       PeriodStatus = "open"
	PeriodSoftClosed PeriodStatus = "softly closed"   // it takes accruals, journals and corrections
	PeriodClosed     PeriodStatus = "closed"          // it takes nothing
	PeriodNotYet     PeriodStatus = "opens after M12" // M13, while M12 is not closed
)

// A Period is what was posted in a month of accounts, and how it stands.
type Period struct {
	Period   domain.Period
	Status   PeriodStatus
	Postings int64 // how many
	Turnover       // of all accounts: debits equal credits
	Closings []Closing
}

// A Closing is one time that a period was closed, softly closed, or reopened.
type Closing struct {
	Number int64
	Time   time.Time // in UTC
	Hands
	Reopened     bool               `json:",omitzero"`
	Soft         bool               `json:",omitzero"`
	Reason       string             `json:",omitzero"` // why it was reopened
	TrialBalance []domain.TrialLine `json:",omitzero"` // that the accounts stood at
	Hash         string             `json:",omitzero"` // see [domain.HashTrialBalance]
}

// A PeriodMove is what was posted to one account of one fund in a period.
type PeriodMove struct {
	Fund    domain.FundCode
	Account domain.Account
	Turnover
}

func newPeriods(k *book) Periods {
	return Periods{book: k, closings: map[domain.Period][]Closing{}, adjusted: map[domain.Period]bool{}}
}

func (p *Periods) apply(r *record) {
	for i := range r.postings {
		p.post(&r.postings[i])
	}
	switch e := r.Event.(type) {
	case domain.PeriodClosed:
		p.close(r, &e)
	case domain.PeriodReopened:
		p.reopen(r, &e)
	}
}

func (p *Periods) post(posting *domain.Posting) {
	period := p.book.word(&p.recent, string(posting.Period))
	key := periodKey{totalKey{p.book.fund(posting.Fund), accountOf(posting.Account)}, period}
	lately := &p.lately[key.account]
	if lately.key != key || lately.number == 0 {
		*lately = recentMove{key, p.moves.number(key) + 1}
	}
	p.moves.at(lately.number - 1).post(posting.Pence)
	row := p.rows.at(p.rows.number(wordKey(period)))
	row.postings++
	row.post(posting.Pence)
}

func (p *Periods) close(r *record, e *domain.PeriodClosed) {
	p.note(e.Period, Closing{
		Number: r.Number, Time: r.Time.UTC(), Hands: handsIn(r), Soft: e.Soft, TrialBalance: e.TrialBalance, Hash: e.Hash,
	})
	switch {
	case e.Soft:
		p.soft = e.Period
	case e.Period.IsAdjustment():
		p.adjusted[e.Period] = true
	default:
		if p.through = e.Period; p.soft <= p.through {
			p.soft = ""
		}
	}
}

func (p *Periods) reopen(r *record, e *domain.PeriodReopened) {
	p.note(e.Period, Closing{Number: r.Number, Time: r.Time.UTC(), Hands: handsIn(r), Reopened: true, Reason: e.Reason})
	switch {
	case e.Period.IsAdjustment():
		delete(p.adjusted, e.Period)
	case e.Period > p.through:
		if p.soft = monthBefore(e.Period); p.soft <= p.through {
			p.soft = ""
		}
	default:
		p.through = monthBefore(e.Period)
	}
}

func monthBefore(p domain.Period) domain.Period { return domain.PeriodOf(p.First().AddDays(-1)) }

func (p *Periods) note(period domain.Period, c Closing) {
	p.rows.number(wordKey(p.book.word(&p.recent, string(period))))
	p.closings[period] = append(p.closings[period], c)
}

// All returns every period that was ever posted to or closed, in order.
func (p *Periods) All() []Period {
	periods := make([]Period, p.rows.len())
	for at := range periods {
		periods[at] = p.period(int32(at))
	}
	slices.SortFunc(periods, func(a, b Period) int { return cmp.Compare(a.Period, b.Period) })
	return periods
}

// Period returns one period; one that was never posted to or closed has its status alone.
func (p *Periods) Period(period domain.Period) Period {
	if of, met := p.book.words.find(string(period)); met {
		if at, met := p.rows.find(wordKey(of)); met {
			return p.period(at)
		}
	}
	return Period{Period: period, Status: p.Status(period)}
}

func (p *Periods) period(at int32) Period {
	period, row := domain.Period(p.book.words.text(word(p.rows.key(at)))), p.rows.at(at)
	return Period{period, p.Status(period), row.postings, row.Turnover, slices.Clone(p.closings[period])}
}

// Status says whether a period takes postings. With a month all months before it are closed.
func (p *Periods) Status(period domain.Period) PeriodStatus {
	switch {
	case period == "":
		return PeriodOpen
	case p.adjusted[period]:
		return PeriodClosed
	case period.IsAdjustment() && domain.PeriodOf(period.Last()) > p.through:
		return PeriodNotYet
	case period.IsAdjustment():
		return PeriodOpen
	case period <= p.through:
		return PeriodClosed
	case period <= p.soft:
		return PeriodSoftClosed
	}
	return PeriodOpen
}

// Movement returns what was posted in a period, by fund and account.
func (p *Periods) Movement(period domain.Period) []PeriodMove {
	var moves []PeriodMove
	for at := range int32(p.moves.len()) {
		if p.periodAt(at) == period {
			key := p.moves.key(at)
			moves = append(moves, PeriodMove{domain.FundCode(p.book.words.text(key.fund)), key.account.name(), *p.moves.at(at)})
		}
	}
	slices.SortFunc(moves, func(a, b PeriodMove) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), compareAccounts(a.Account, b.Account))
	})
	return moves
}

func (p *Periods) periodAt(at int32) domain.Period {
	return domain.Period(p.book.words.text(p.moves.key(at).period))
}

// TrialBalance returns what every account stands at over all periods up to and including one, but those that come to
// nothing: what a close of the period stores.
func (p *Periods) TrialBalance(through domain.Period) []domain.TrialLine {
	sums := map[totalKey]domain.Pence{}
	for at := range int32(p.moves.len()) {
		if through.Counts(p.periodAt(at)) {
			sums[p.moves.key(at).totalKey] += p.moves.at(at).Balance()
		}
	}
	var lines []domain.TrialLine
	for key, pence := range sums {
		if pence != 0 {
			lines = append(lines, domain.TrialLine{Fund: domain.FundCode(p.book.words.text(key.fund)), Account: key.account.name(), Pence: pence})
		}
	}
	slices.SortFunc(lines, func(a, b domain.TrialLine) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), compareAccounts(a.Account, b.Account))
	})
	return lines
}

// Check returns an error that names the first closed period whose accounts do not stand at what its close stored, or nil.
func (p *Periods) Check() error {
	for _, period := range p.All() {
		n := len(period.Closings)
		if n == 0 || period.Status != PeriodClosed || period.Closings[n-1].Hash == "" {
			continue
		}
		last := period.Closings[n-1]
		if hash := domain.HashTrialBalance(period.Period, p.TrialBalance(period.Period)); hash != last.Hash {
			return fmt.Errorf("period %s was closed by event %d with the trial balance %s; what is recorded comes to %s", period.Period, last.Number, last.Hash, hash)
		}
	}
	return nil
}
