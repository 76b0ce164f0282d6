package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pcnledger/cmd/pcnledger/oxfordshire"
	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/ledger"
)

type demoCommand struct {
	Out string `required:"" type:"path" placeholder:"DIR" help:"Directory for the reports."`
}

func (d *demoCommand) Help() string {
	return `Plays the £600,000 of Oxfordshire's Primary Care Networks, 2018-19: funding, decision, allocation by patient lists, advances,
spending, a repayment, progress and the year's end; then writes every report to DIR and prints the return.

Without --data the ledger is temporary. With it, the ledger oxfordshire stays there to be looked at, and the same demo
again records nothing.`
}

const (
	demoLedger       = "oxfordshire"
	demoCommissioner = domain.Body("ods:10Q")
	demoActor        = "registry officer (scripted)"
)

// Who acts first, and who approves what is held: the second administrator appointments, the chief finance officer the rest.
const (
	demoAdministrator = "administrator 1 (scripted)"
	demoAppointer     = "administrator 2 (scripted)"
	demoApprover      = "chief finance officer (scripted)"
)

// demoBegins is when the example's ledger is created: the week before its funding is confirmed.
var demoBegins = time.Date(2018, time.November, 26, 9, 0, 0, 0, time.UTC)

func (d *demoCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	example, err := oxfordshire.Read()
	if err != nil {
		return err
	}
	dir, cleanUp, err := c.demoData()
	if err != nil {
		return err
	}
	defer cleanUp()
	l, err := createDemo(ctx, ledger.Options{Dir: dir, Name: demoLedger})
	if err != nil {
		return err
	}
	defer l.Close()
	p := &player{ledger: l, terminal: t}
	if err := p.play(ctx, example); err != nil {
		return err
	}
	t.illustration(l)
	fmt.Fprintf(t.out, "Ledger %s: %d events; this run recorded %d commands.\n", demoLedger, l.Views().Ledger.Number, p.recorded)
	if err := t.replay(ctx, l, false); err != nil {
		return err
	}
	if err := d.conclude(ctx, l, t, example); err != nil {
		return err
	}
	return d.whatNext(c, t)
}

// demoData returns the directory of the demo's ledger: the one that was asked for, else a temporary one.
func (c *cli) demoData() (dir string, cleanUp func(), err error) {
	if c.dataGiven {
		return c.Data, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "pcnledger-demo-")
	return dir, func() { os.RemoveAll(dir) }, err
}

// createDemo creates the demo's ledger, or finds it there, and opens it.
func createDemo(ctx context.Context, o ledger.Options) (*ledger.Ledger, error) {
	receipt, err := ledger.Create(ctx, o, domain.CreateLedger{
		Ledger: demoLedger, Commissioner: demoCommissioner, Name: "NHS Oxfordshire CCG", Kind: domain.KindDemo,
	}, &ledger.Script{Actor: demoAdministrator, At: demoBegins})
	if err != nil {
		return nil, err
	}
	if receipt.Outcome == ledger.Refused {
		return nil, &codedError{exitRefused, fmt.Errorf("%s holds a ledger %s that is not the demo's: choose another directory with --data", o.Dir, demoLedger)}
	}
	return ledger.Open(ctx, o)
}

// A player puts the example's commands to the ledger.
type player struct {
	*terminal
	ledger   *ledger.Ledger
	recorded int
}

// play submits what is not recorded yet. A ledger that has the example's last command has them all.
func (p *player) play(ctx context.Context, example oxfordshire.Illustration) error {
	last := example.Commands[len(example.Commands)-1].ID
	if complete, err := p.ledger.Has(ctx, last); complete || err != nil {
		return err
	}
	for _, c := range example.Officers {
		if err := p.one(ctx, c); err != nil {
			return err
		}
	}
	if err := p.registry(ctx); err != nil {
		return err
	}
	bar := p.progress(len(example.Commands), "commands")
	defer bar.done()
	for i, c := range example.Commands {
		if c.At.After(nomineesAt) && (i == 0 || !example.Commands[i-1].At.After(nomineesAt)) {
			if err := p.nominees(ctx); err != nil {
				return err
			}
		}
		if err := p.one(ctx, c); err != nil {
			return err
		}
		bar.at(i + 1)
	}
	return nil
}

// registry registers networks and practices and records who belongs where, and the published lists.
func (p *player) registry(ctx context.Context) error {
	members, err := intake.Memberships(bytes.NewReader(oxfordshire.Lists), oxfordshire.ListFile, intake.MembershipOptions{
		Ledger: demoLedger, From: membersFrom, Known: knownBodies(p.ledger),
		Source: domain.Source{Title: listTitle, Note: "that members belong from 1 January 2019, and that a practice's close ends no membership, is assumed"},
	})
	if err != nil {
		return fmt.Errorf("read the published networks: %w", err)
	}
	if err := p.imported(ctx, members); err != nil {
		return err
	}
	for _, population := range []domain.Population{domain.PopulationRegistered, domain.PopulationWeighted} {
		lists, err := intake.ListSizes(bytes.NewReader(oxfordshire.Lists), oxfordshire.ListFile, intake.ListOptions{
			Ledger: demoLedger, Population: population, Average: "2019-20", StandsFor: "2019-01-01", Known: knownBodies(p.ledger),
			Source: domain.Source{
				Title: listTitle,
				Note:  "average lists over 2019/20, which nobody knew in January 2019; they stand in for the lists at 1 January 2019, which were not found",
			},
		})
		if err != nil {
			return fmt.Errorf("read the published lists: %w", err)
		}
		if err := p.imported(ctx, lists); err != nil {
			return err
		}
	}
	return nil
}

const (
	listTitle   = "NHS Payments to General Practice, England, 2019/20"
	membersFrom = domain.Date("2019-01-01") // an assumption: the reference date of the Network Contract DES
)

// imported submits what a published file holds.
func (p *player) imported(ctx context.Context, file intake.Import) error {
	var commands []ledger.Command
	for _, n := range file.Commands {
		commands = append(commands, ledger.Encode(n.ID, n.Command, ""))
	}
	return p.submit(ctx, ledger.Script{Actor: demoActor, At: demoBegins.Add(30 * time.Minute)}, commands...)
}

// nominees nominates the largest member practice of each published network: nominated payees are not published.
func (p *player) nominees(ctx context.Context) error {
	var commands []ledger.Command
	for _, network := range p.networks("published") {
		var largest domain.Body
		sizes := p.members(network, domain.PopulationRegistered)
		for _, practice := range slices.Sorted(maps.Keys(sizes)) {
			if largest == "" || sizes[practice] > sizes[largest] {
				largest = practice
			}
		}
		commands = append(commands, ledger.Encode("nominee-"+network.Bare(), domain.NominatePayee{
			Network: network, Payee: largest, From: desBegins, Source: domain.Source{
				Title: "an assumption of this example",
				Note:  "nominated payees are not published: the largest member practice stands in",
			}}, ""))
	}
	return p.submit(ctx, ledger.Script{Actor: demoActor, At: nomineesAt}, commands...)
}

// nomineesAt is when the nominations are recorded: before the first entitlement is raised.
var nomineesAt = time.Date(2019, time.June, 21, 9, 0, 0, 0, time.UTC)

// one submits one command of the example, with what it leaves open filled in.
func (p *player) one(ctx context.Context, c oxfordshire.Command) error {
	if recorded, err := p.ledger.Has(ctx, c.ID); recorded || err != nil {
		return err
	}
	data, err := p.filled(ctx, c)
	if err != nil {
		return fmt.Errorf("example command %s: %w", c.ID, err)
	}
	command := ledger.Command{ID: c.ID, Name: c.Command, Data: data, Effective: c.Effective}
	return p.submit(ctx, ledger.Script{Actor: c.Actor, At: c.At}, command)
}

// approvesAfter is how long a request waits for its second person.
const approvesAfter = 30 * time.Minute

// submit submits commands that a correct example never has refused. What is held is approved by a second person.
func (p *player) submit(ctx context.Context, script ledger.Script, commands ...ledger.Command) error {
	receipts, err := p.ledger.SubmitScripted(ctx, script, commands...)
	if err != nil {
		return err
	}
	for i, r := range receipts {
		switch r.Outcome {
		case ledger.Recorded:
			p.recorded++
		case ledger.Held:
			p.recorded++
			second := ledger.Script{Actor: demoApprover, At: script.At.Add(approvesAfter)}
			if commands[i].Name == "AppointOfficer" {
				second.Actor = demoAppointer
			}
			approval := ledger.Encode("approve-"+r.Command, domain.Approve{Request: r.First, Digest: r.Digest}, "")
			if err := p.submit(ctx, second, approval); err != nil {
				return err
			}
		case ledger.Refused:
			return &codedError{exitRefused, fmt.Errorf("the example's own command was refused: %s", receiptText(r, ""))}
		}
	}
	return nil
}

// knownBodies tells an import which bodies the ledger knows, and by which name.
func knownBodies(l *ledger.Ledger) func(domain.Body) (string, bool) {
	registry := &l.Views().Registry
	return func(b domain.Body) (string, bool) {
		body, ok := registry.Body(b)
		return body.Name(), ok
	}
}

// conclude writes every report and prints the two that matter first.
func (d *demoCommand) conclude(ctx context.Context, l *ledger.Ledger, t *terminal, example oxfordshire.Illustration) error {
	fmt.Fprintln(t.out, "\nWhat this example takes as given:")
	for _, assumption := range example.Assumptions {
		fmt.Fprintf(t.out, "  - %s\n", assumption)
	}
	fmt.Fprintln(t.out)
	views, at, err := moment{}.look(ctx, l)
	if err != nil {
		return err
	}
	proved, err := proofOf(ctx, l, at)
	if err != nil {
		return err
	}
	if err := writeReports(views, proved, d.Out); err != nil {
		return err
	}
	return t.printReports(views, proved, "nhse-transformation", "trial-balance")
}

// whatNext says what there is to look at.
func (d *demoCommand) whatNext(c *cli, t *terminal) error {
	fmt.Fprintf(t.out, "Every report is in %s, as CSV and JSON. Begin with %s.\n", d.Out, filepath.Join(d.Out, "nhse-transformation.csv"))
	if c.dataGiven {
		fmt.Fprintf(t.out, "Look at the ledger:  pcnledger --data %s show networks   (or items, journal, events, maturity)\n", c.Data)
	} else {
		fmt.Fprintf(t.out, "The ledger was temporary. To keep it and look around:  pcnledger demo --out %s --data %s\n", d.Out, filepath.Join(d.Out, "data"))
	}
	return nil
}
