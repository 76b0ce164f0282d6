package projections

import (
	"maps"
	"slices"
	"sort"
	"sync"

	"pcnledger/domain"
)

// BalancesAt answers what an account of a fund stood at, as at any number and at any effective date. It is made from the
// journal, for an account when that is first asked for, and goes on from there: what was posted since is added when it is
// asked for again. It is no part of views, their digest or a snapshot, and takes 16 bytes a posting of the accounts that
// were asked for, and a few more.
//
// Of an account it keeps the postings in the order of the log, and after every so many of them what they come to by
// effective date. A balance is then looked up at the last such place before the number, and what follows is added up:
// that is at most [betweenSums] postings, however many the account has.
//
// It may be asked by several goroutines, as long as the views do not change meanwhile.
type BalancesAt struct {
	views *Views

	mu       sync.Mutex // guards accounts
	accounts map[totalKey]*movements
}

// NewBalancesAt returns the balances of the accounts in views. They follow the views.
func NewBalancesAt(v *Views) *BalancesAt {
	return &BalancesAt{views: v, accounts: map[totalKey]*movements{}}
}

// Of returns debits less credits of an account of a fund, all its buckets together: of what was recorded up to a number and
// is effective by a date, both inclusive. A blank date is every date.
func (b *BalancesAt) Of(account domain.Account, fund domain.FundCode, number int64, effective domain.Date) domain.Pence {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.movements(account, fund)
	if m == nil {
		return 0
	}
	return m.balance(b.views.Journal.before(number), lastDay(effective))
}

// movements returns what was posted to an account of a fund, up to now; nil if nothing was.
func (b *BalancesAt) movements(account domain.Account, fund domain.FundCode) *movements {
	book := b.views.book
	code, met := book.words.find(string(fund))
	if !met || account.Order() < 0 {
		return nil
	}
	key := totalKey{code, accountOf(account)}
	total, met := book.totals.find(key)
	if !met {
		return nil
	}
	m := b.accounts[key]
	if m == nil {
		m = &movements{total: total + 1}
		b.accounts[key] = m
	}
	m.follow(&b.views.Journal)
	return m
}

// before returns how many postings were recorded up to a number, inclusive.
func (j *Journal) before(number int64) int32 {
	next := sort.Search(j.vouchers.len(), func(v int) bool { return j.vouchers.at(int32(v)).number > number })
	if next == j.vouchers.len() {
		return int32(j.Len())
	}
	return j.vouchers.at(int32(next)).first
}

// A day is a date as a number that sorts as dates do: 20190331. No date is 0.
type day int32

func dayOf(date domain.Date) (d day) {
	for _, digit := range []byte(date) {
		if digit != '-' {
			d = 10*d + day(digit-'0')
		}
	}
	return d
}

// lastDay returns the day of a date; that of no date is after all others.
func lastDay(date domain.Date) day {
	if date == "" {
		return 1<<31 - 1
	}
	return dayOf(date)
}

// betweenSums is after how many postings of an account there are sums by date. More would make asking slower: adding up
// so many takes a few microseconds. Fewer would take more memory: sums hold every date that the account has. It divides the
// length of a chunk, so that what lies between two sums lies in one chunk.
const betweenSums = 1 << 12

// movements are the postings to one account of a fund, in three columns, and the sums between them.
type movements struct {
	total    int32 // the account's number among the totals, from 1
	seen     int32 // how many postings of the journal were looked at
	voucher  int32 // that of the next, or one before it
	postings column[int32]
	days     column[day]
	pence    column[domain.Pence]
	sums     []daySums
}

// daySums are what an account came to at the end of each day, the first first: of the postings up to some number.
type daySums struct {
	days  []day
	pence []domain.Pence
}

// follow takes in what the journal has gained.
func (m *movements) follow(j *Journal) {
	dates := map[word]day{}
	for ; int(m.seen) < j.Len(); m.seen++ {
		if j.book.places.at(*j.places.at(m.seen)).total != m.total {
			continue
		}
		for int(m.voucher+1) < j.vouchers.len() && j.vouchers.at(m.voucher+1).first <= m.seen {
			m.voucher++
		}
		date := j.vouchers.at(m.voucher).effective
		if _, known := dates[date]; !known {
			dates[date] = dayOf(domain.Date(j.book.words.text(date)))
		}
		m.add(m.seen, dates[date], *j.pence.at(m.seen))
	}
}

func (m *movements) add(posting int32, on day, pence domain.Pence) {
	m.postings.add(posting)
	m.days.add(on)
	m.pence.add(pence)
	if n := m.postings.len(); n%betweenSums == 0 {
		m.sums = append(m.sums, m.last().with(m.between(int32(n-betweenSums), int32(n))))
	}
}

func (m *movements) last() daySums {
	if len(m.sums) == 0 {
		return daySums{}
	}
	return m.sums[len(m.sums)-1]
}

// between returns the days and pence of rows, the last not among them, that lie between two sums.
func (m *movements) between(first, end int32) ([]day, []domain.Pence) {
	if first == end {
		return nil, nil
	}
	chunk, from := first>>chunkBits, first&(chunkLen-1)
	to := from + end - first
	return m.days.chunks[chunk][from:to], m.pence.chunks[chunk][from:to]
}

// balance returns what the account stood at before a posting of the journal, at the end of a day.
func (m *movements) balance(before int32, last day) domain.Pence {
	n := int32(sort.Search(m.postings.len(), func(i int) bool { return *m.postings.at(int32(i)) >= before }))
	var balance domain.Pence
	if at := n / betweenSums; at > 0 {
		balance = m.sums[at-1].at(last)
	}
	days, pence := m.between(n-n%betweenSums, n)
	return balance + sumThrough(days, pence, last)
}

// sumThrough adds up what is of a day or before. Days are in no order that a processor could guess, so it does not branch:
// what is later is added as nothing.
func sumThrough(days []day, pence []domain.Pence, last day) (sum domain.Pence) {
	pence = pence[:len(days)]
	for i, on := range days {
		later := (int64(last) - int64(on)) >> 63 // all bits set, or none
		sum += pence[i] &^ domain.Pence(later)
	}
	return sum
}

// at returns the sum at the end of a day.
func (s daySums) at(last day) domain.Pence {
	next := sort.Search(len(s.days), func(i int) bool { return s.days[i] > last })
	if next == 0 {
		return 0
	}
	return s.pence[next-1]
}

// with returns the sums with more postings added.
func (s daySums) with(days []day, pence []domain.Pence) daySums {
	more := map[day]domain.Pence{}
	for i, on := range days {
		more[on] += pence[i]
	}
	for i, on := range s.days { // back to what each day brought
		more[on] += s.pence[i]
		if i > 0 {
			more[on] -= s.pence[i-1]
		}
	}
	sums := daySums{make([]day, 0, len(more)), make([]domain.Pence, len(more))}
	sums.days = slices.AppendSeq(sums.days, maps.Keys(more))
	slices.Sort(sums.days)
	var sum domain.Pence
	for i, on := range sums.days {
		sum += more[on]
		sums.pence[i] = sum
	}
	return sums
}
