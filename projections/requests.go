package projections

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"pcnledger/domain"
)

// Requests holds every command that waited for a second person, and what became of it.
type Requests struct {
	requests []Request     // in the order of their numbers
	rows     map[int64]int // by number
}

// A Request is a command that was held. It goes by the number of the event that held it.
type Request struct {
	Number    int64
	Time      time.Time           // when it was raised, in UTC
	By        string              // who raised it; a [domain.Hand]
	Command   string              // the name of the command: AllocateFund
	Data      string              // its data, as JSON
	Effective domain.Date         `json:",omitzero"` // that it will take effect on
	Act       string              // the event that it will cause: FundAllocated
	About     string              // the subject of that event: fund/NR-PCN-2018
	RaisedIn  int64               // the appointment it was raised in
	Limit     domain.Pence        // of that appointment
	Worth     []domain.FundPence  // what it is worth, by fund
	Judged    []domain.FundPence  // with all that the officer did of the kind before
	Why       string              // why it was held
	Effect    []domain.EffectLine // what it would do to accounts, debit positive
	Digest    string              // of the effect: what is approved
	Takes     []domain.Take       // what it would draw on
	Items     []domain.SettleLine // what it would settle
	Expires   domain.Date         // the last day on which it can be decided
	Warnings  []string            `json:",omitzero"`

	Ended         RequestState `json:",omitzero"` // approved, refused or withdrawn; none while nobody decided
	EndedIn       int64        `json:",omitzero"` // number of the event that ended it
	EndedAt       time.Time    `json:",omitzero"` // in UTC
	EndedBy       string       `json:",omitzero"` // who approved, refused or withdrew it
	ApprovedIn    int64        `json:",omitzero"` // the appointment in which it was approved
	ApprovedLimit domain.Pence `json:",omitzero"` // of that appointment
	Reason        string       `json:",omitzero"` // why it was refused or withdrawn
	Caused        []int64      `json:",omitzero"` // numbers of the events that it caused
}

// A RequestState says how far a request has come.
type RequestState string

// The states of a request.
const (
	RequestOpen      RequestState = "open"
	RequestApproved  RequestState = "approved"
	RequestRefused   RequestState = "refused"
	RequestWithdrawn RequestState = "withdrawn"
	RequestExpired   RequestState = "expired"
)

// State says how far the request has come on a day: one that nobody decided is open up to its last day, and expired after.
func (r Request) State(on domain.Date) RequestState {
	switch {
	case r.Ended != "":
		return r.Ended
	case on > r.Expires:
		return RequestExpired
	}
	return RequestOpen
}

func newRequests() Requests { return Requests{rows: map[int64]int{}} }

func (q *Requests) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.RequestHeld:
		q.hold(r, e)
	case domain.RequestApproved:
		if request := q.end(r, e.Request, RequestApproved); request != nil {
			request.ApprovedIn, request.ApprovedLimit = e.ApprovedIn, e.Limit
		}
	case domain.RequestRefused:
		if request := q.end(r, e.Request, RequestRefused); request != nil {
			request.Reason = e.Reason
		}
	case domain.RequestWithdrawn:
		if request := q.end(r, e.Request, RequestWithdrawn); request != nil {
			request.Reason = e.Reason
		}
	default:
		q.cause(r)
	}
}

func (q *Requests) hold(r *record, e domain.RequestHeld) {
	request := Request{
		Number: r.Number, Time: r.Time.UTC(), By: r.RaisedBy, Effective: e.Effective, Act: e.Act, About: e.About, RaisedIn: e.RaisedIn, Limit: e.Limit,
		Worth: e.Worth, Judged: e.Judged, Why: e.Why, Effect: e.Effect, Digest: e.Digest, Takes: e.Takes, Items: e.Items, Expires: e.Expires,
		Warnings: e.Warnings,
	}
	if e.Asked.Command != nil {
		data, err := json.Marshal(e.Asked.Command)
		if err != nil {
			panic("a held command that cannot be written: " + err.Error())
		}
		request.Command, request.Data = domain.KindOf(e.Asked.Command).Name, string(data)
	}
	q.rows[r.Number] = len(q.requests)
	q.requests = append(q.requests, request)
}

// end ends a request, and returns it, or nil if history has been cut short and does not have it.
func (q *Requests) end(r *record, number int64, as RequestState) *Request {
	request := q.numbered(number)
	if request != nil {
		request.Ended, request.EndedIn, request.EndedAt, request.EndedBy = as, r.Number, r.Time.UTC(), r.RaisedBy
	}
	return request
}

// cause notes an event that a request caused.
func (q *Requests) cause(r *record) {
	if r.Request == "" {
		return
	}
	number, err := strconv.ParseInt(r.Request, 10, 64)
	if err != nil {
		return
	}
	if request := q.numbered(number); request != nil {
		request.Caused = append(request.Caused, r.Number)
	}
}

func (q *Requests) numbered(number int64) *Request {
	at, known := q.rows[number]
	if !known {
		return nil
	}
	return &q.requests[at]
}

// All returns every request in the order in which they were raised.
func (q *Requests) All() []Request { return slices.Clone(q.requests) }

// Request returns one request.
func (q *Requests) Request(number int64) (request Request, ok bool) {
	if known := q.numbered(number); known != nil {
		return *known, true
	}
	return Request{}, false
}

// Open returns the requests that can be decided on a day.
func (q *Requests) Open(on domain.Date) []Request {
	return slices.DeleteFunc(q.All(), func(r Request) bool { return r.State(on) != RequestOpen })
}
