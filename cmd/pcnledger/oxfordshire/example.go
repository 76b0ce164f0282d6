// Package oxfordshire holds the example that pcnledger demo plays: published lists of Oxfordshire's practices, and one
// file of made-up commands. All that is not published is in illustration.json, where anyone can read it.
package oxfordshire

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ListFile is the name of the published file of lists.
const ListFile = "lists_2019-20.csv"

// Lists is the published file of lists.
//
//go:embed lists_2019-20.csv
var Lists []byte

//go:embed illustration.json
var illustration []byte

// An Illustration is the example's assumptions, as printed, the appointments of its officers, and its commands, in their
// order.
type Illustration struct {
	Assumptions []string  `json:"assumptions"`
	Officers    []Command `json:"officers"`
	Commands    []Command `json:"commands"`
}

// A Command is one command of the example: who gives it and when, and what it says. What depends on the ledger at that
// moment, or follows from published rates and lists, is not written out but named, and filled in when it is played.
type Command struct {
	At        time.Time      `json:"at"`
	Actor     string         `json:"actor"`
	ID        string         `json:"id"`
	Command   string         `json:"command"`
	Effective string         `json:"effective,omitzero"`
	Note      string         `json:"note,omitzero"`
	Data      jsontext.Value `json:"data"`

	Items    *Items   `json:"items,omitzero"`    // settle all that is open here
	Annual   *Annual  `json:"annual,omitzero"`   // the year's amounts at these rates: a sum to confirm, or lines to allocate
	Networks string   `json:"networks,omitzero"` // published or example
	Budget   int      `json:"budget,omitzero"`   // the fund's limit in so many months, as equal as pence allow
	Claim    string   `json:"claim,omitzero"`    // id of the command that submitted it
	Item     string   `json:"item,omitzero"`     // id of the command that opened it
	Spend    string   `json:"spend,omitzero"`    // id of the command that recorded it
	Run      string   `json:"run,omitzero"`      // id of the command that proposed the payment run
	Transit  *Transit `json:"transit,omitzero"`  // the payments of that run that are on their way
}

// Transit says whose payments of a run a command is about: everyone's that are on their way, if no payee is given.
type Transit struct {
	Payee string `json:"payee,omitzero"`
}

// Items says which open items a command settles.
type Items struct {
	Account string   `json:"account"` // payables or receivables
	Fund    string   `json:"fund,omitzero"`
	Funds   []string `json:"funds,omitzero"`
	Payee   string   `json:"payee,omitzero"` // everyone, if not given
	Net     bool     `json:"net,omitzero"`   // net what the payees owe on the same funds
}

// Annual says at which rates, and for which networks: published or example.
type Annual struct {
	Rates    []string `json:"rates"`
	Networks string   `json:"networks"`
}

// Read returns the example.
func Read() (Illustration, error) {
	var i Illustration
	if err := json.Unmarshal(illustration, &i, json.RejectUnknownMembers(true)); err != nil {
		return i, fmt.Errorf("read illustration.json: %w", err)
	}
	return i, nil
}
