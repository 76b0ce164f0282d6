package eventstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	specVersion = "1.0"
	contentType = "application/json"
	urnPrefix   = "urn:pcnledger:" // before a ledger's name in source; before <type>:<version> in dataschema

	// timeLayout is the one form of an instant in the log: UTC, always three digits of milliseconds.
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// ValidCommandID reports whether id may name a command: 1 to 64 of A–Z, a–z, 0–9 and hyphen.
func ValidCommandID(id string) bool { return isWord(id, 64, upper|lower|digit|hyphen) }

// ValidLedger reports whether name may name a ledger: 1 to 32 of a–z, 0–9 and hyphen.
func ValidLedger(name string) bool { return isWord(name, 32, lower|digit|hyphen) }

func validType(name string) bool {
	return isWord(name, 64, upper|lower|digit) && classes[name[0]]&digit == 0
}

func validHash(hash string) bool { return len(hash) == 64 && isWord(hash, 64, digit|hexLetter) }

// The classes of characters that names are made of.
const (
	upper = 1 << iota
	lower
	digit
	hyphen
	hexLetter // those of a number in lower-case hexadecimal
)

var classes = func() (classes [256]byte) {
	for c := byte('a'); c <= 'z'; c++ {
		classes[c], classes[c-'a'+'A'] = lower, upper
	}
	for c := byte('a'); c <= 'f'; c++ {
		classes[c] |= hexLetter
	}
	for c := byte('0'); c <= '9'; c++ {
		classes[c] = digit
	}
	classes['-'] = hyphen
	return classes
}()

// isWord reports whether s is 1 to most characters of those classes.
func isWord(s string, most int, of byte) bool {
	for i := range len(s) {
		if classes[s[i]]&of == 0 {
			return false
		}
	}
	return 0 < len(s) && len(s) <= most
}

// Event is one line of the log: a CloudEvents 1.0 event in JSON. The order of the fields is the order of the members in
// the line. All members are there but those marked omitempty, which are left out when empty.
type Event struct {
	SpecVersion     string         `json:"specversion"`     // 1.0
	ID              string         `json:"id"`              // <commandid>/<n>, n from 1 within the command
	Source          string         `json:"source"`          // urn:pcnledger:<ledger>
	Type            string         `json:"type"`            // FundAllocated, without version
	DataSchema      string         `json:"dataschema"`      // urn:pcnledger:FundAllocated:1
	Subject         string         `json:"subject"`         // what the event is about: fund/NR-PCN-2018
	Time            time.Time      `json:"time"`            // when it was recorded: UTC, whole milliseconds
	DataContentType string         `json:"datacontenttype"` // application/json
	Number          int64          `json:"number"`          // 1, 2, 3 … over the whole ledger
	Commit          int64          `json:"commit"`          // the first number of its commit
	Of              int            `json:"of"`              // the events in its commit
	CommandID       string         `json:"commandid"`       // see ValidCommandID
	CommandHash     string         `json:"commandhash"`     // see CommandHash
	Actor           string         `json:"actor"`           // who
	Auth            string         `json:"auth"`            // how that was proved
	EffectiveDate   string         `json:"effectivedate,omitempty"`
	Period          string         `json:"period,omitempty"`
	Request         string         `json:"request,omitempty"`
	RaisedBy        string         `json:"raisedby,omitempty"`
	ApprovedBy      string         `json:"approvedby,omitempty"`
	Data            jsontext.Value `json:"data"` // the fact itself, one JSON value
}

// Entry is an event as a writer hands it in. The log adds specversion, id, source, dataschema, datacontenttype, number,
// commit and of. Time is cut to whole milliseconds. Entries of one command stand together in a commit.
type Entry struct {
	Type          string // FundAllocated
	Version       int    // of the type's schema, from 1
	Subject       string
	Time          time.Time // never earlier than the event before
	CommandID     string
	CommandHash   string
	Actor         string
	Auth          string
	EffectiveDate string // may be empty, as the four below
	Period        string
	Request       string
	RaisedBy      string
	ApprovedBy    string
	Data          jsontext.Value
}

// Schema returns the version that dataschema gives for the event's type.
func (e Event) Schema() (version int, err error) { return e.schema() }

func (e *Event) schema() (version int, err error) {
	name, ok := strings.CutPrefix(e.DataSchema, urnPrefix)
	name, same := strings.CutPrefix(name, e.Type)
	digits, more := strings.CutPrefix(name, ":")
	if !ok || !same || !more {
		return 0, fmt.Errorf("dataschema %q is not one of type %q", e.DataSchema, e.Type)
	}
	version, err = strconv.Atoi(digits)
	if err != nil || version < 1 || strconv.Itoa(version) != digits {
		return 0, fmt.Errorf("dataschema %q does not end in a version", e.DataSchema)
	}
	return version, nil
}

// event completes x with its place in the log: its number, its commit's first number and length, and its n within its
// command.
func (x Entry) event(ledger string, number, commit int64, of, n int) Event {
	return Event{
		SpecVersion:     specVersion,
		ID:              eventID(x.CommandID, n),
		Source:          urnPrefix + ledger,
		Type:            x.Type,
		DataSchema:      dataSchema(x.Type, x.Version),
		Subject:         x.Subject,
		Time:            x.Time.UTC().Truncate(time.Millisecond),
		DataContentType: contentType,
		Number:          number,
		Commit:          commit,
		Of:              of,
		CommandID:       x.CommandID,
		CommandHash:     x.CommandHash,
		Actor:           x.Actor,
		Auth:            x.Auth,
		EffectiveDate:   x.EffectiveDate,
		Period:          x.Period,
		Request:         x.Request,
		RaisedBy:        x.RaisedBy,
		ApprovedBy:      x.ApprovedBy,
		Data:            x.Data,
	}
}

func eventID(commandID string, n int) string { return commandID + "/" + strconv.Itoa(n) }

// isID reports whether id is eventID(commandID, n).
func isID(id, commandID string, n int) bool {
	digits, ok := strings.CutPrefix(id, commandID)
	return ok && len(digits) > 1 && digits[0] == '/' && digits[1:] == strconv.Itoa(n)
}

func dataSchema(eventType string, version int) string {
	return urnPrefix + eventType + ":" + strconv.Itoa(version)
}

// check reports what is wrong with e by itself, whatever stands beside it in the log.
func (e *Event) check(ledger string) error {
	source, ours := strings.CutPrefix(e.Source, urnPrefix)
	switch {
	case e.SpecVersion != specVersion:
		return fmt.Errorf("specversion is %q, not %q", e.SpecVersion, specVersion)
	case !ours || source != ledger:
		return fmt.Errorf("source is %q, not %q: it belongs to another ledger", e.Source, urnPrefix+ledger)
	case e.DataContentType != contentType:
		return fmt.Errorf("datacontenttype is %q, not %q", e.DataContentType, contentType)
	case !validType(e.Type):
		return fmt.Errorf("type %q is not a name of letters and digits", e.Type)
	case !ValidCommandID(e.CommandID):
		return fmt.Errorf("command id %q is not 1 to 64 letters, digits and hyphens", e.CommandID)
	case !validHash(e.CommandHash):
		return fmt.Errorf("command hash %q is not a SHA-256 in lower-case hexadecimal", e.CommandHash)
	case e.Subject == "" || e.Actor == "" || e.Auth == "":
		return fmt.Errorf("subject %q, actor %q and auth %q must all be given", e.Subject, e.Actor, e.Auth)
	case e.Time.Year() < 1 || e.Time.Year() > 9999:
		return fmt.Errorf("time %v is not in the years 1 to 9999", e.Time)
	case len(e.Data) == 0:
		return errors.New("there is no data")
	}
	_, err := e.schema()
	return err
}
