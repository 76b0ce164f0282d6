package bench

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// seed makes every run put the same commands to the ledger.
const seed = 20190401

// A country is how large the made-up registry is. England had 42 integrated care systems, about 1,300 networks and about
// 6,500 practices.
type country struct {
	systems   int
	networks  int // of one system
	practices int // of one network
}

var england = country{systems: 42, networks: 31, practices: 5}

// region is one of England's seven, for logs in which every event is a commit of its own: the registry must not be the
// larger part of them.
func (c country) region() country { return country{max(1, c.systems/7), c.networks, c.practices} }

// alone is one of its systems.
func (c country) alone() country { return country{1, c.networks, c.practices} }

// year is the one whose rates and roles the made-up ledger uses: the first of the network contract.
const year domain.Year = "2019-20"

// A generator makes up commands, each of which the ledger accepts if those before it were put to it in the order in which
// they were made. All codes are of the scheme local, so that no organisation there is bears one. Each command is one
// event, so that the generator knows the numbers of its events; see [generator.at].
type generator struct {
	dice    *rand.Rand
	number  int64 // of the event that the last command causes
	lines   int64 // of all events; one without lines counts as one
	systems []*system
	funds   int // opened so far
	listed  int // lists recorded so far
	steps   int // milestones recorded so far

	hired    int        // networks that have engaged people for their claims, so far
	claiming []claiming // those of them that have not claimed yet
	waiting  []waiting  // claims that are not decided
	paid     int        // tranches so far
	entitled int        // systems whose entitlements were run, so far
}

// system is an integrated care system with its networks; its federation is paid for some of them.
type system struct {
	code, federation domain.Body
	networks         []*network
	fund             *fund           // the programme whose tranches are paid now
	book             *fund           // the fund that single commands draw on
	roles            domain.FundCode // the fund that pays for reimbursed roles
}

type network struct {
	code      domain.Body
	payee     domain.Body
	practices []practice
	people    []person
}

type practice struct {
	code       domain.Body
	registered int64
	weighted   int64
}

// newGenerator makes up the bodies of a country. Number is that of the ledger's last event.
func newGenerator(size country, number int64) *generator {
	g := &generator{dice: rand.New(rand.NewPCG(seed, 0)), number: number}
	for i := range size.systems {
		s := &system{code: body("ICS", i), federation: body("FED", i)}
		for j := range size.networks {
			s.networks = append(s.networks, g.newNetwork(size, i*size.networks+j))
		}
		g.systems = append(g.systems, s)
	}
	return g
}

// newNetwork makes up a network whose practices have about 50,000 patients together.
func (g *generator) newNetwork(size country, n int) *network {
	const patients = 50_000
	network := &network{code: body("PCN", n)}
	for i := range size.practices {
		registered := int64(patients/size.practices/2 + g.dice.IntN(patients/size.practices))
		network.practices = append(network.practices,
			practice{body("GP", n*size.practices+i), registered, registered * int64(90+g.dice.IntN(20)) / 100})
	}
	network.payee = network.practices[0].code
	return network
}

func body(kind string, n int) domain.Body {
	return domain.Body(fmt.Sprintf("local:%s-%05d", kind, n+1))
}

// networks ranges over all networks of all systems.
func (g *generator) networks(each func(*system, *network)) {
	for _, s := range g.systems {
		for _, n := range s.networks {
			each(s, n)
		}
	}
}

// command gives c an id and counts its event.
func (g *generator) command(c domain.Command, effective domain.Date) ledger.Command {
	g.number++
	g.lines += linesOf(c)
	return ledger.Encode(g.token(), c, effective)
}

// linesOf is how many lines a command's event has.
func linesOf(c domain.Command) int64 {
	switch c := c.(type) {
	case domain.RecordListSizes:
		return int64(len(c.Lines))
	case domain.RecordMembership:
		return int64(len(c.Members))
	case domain.SubmitClaim:
		return int64(len(c.Lines))
	case domain.ApproveClaim:
		return postsOf
	case domain.AllocateFund:
		return int64(len(c.Lines))
	case domain.ReleaseFunds:
		return int64(len(c.Lines))
	case domain.SettlePayment:
		return int64(len(c.Lines))
	case domain.RecordSpend:
		return int64(len(c.Lines))
	case domain.RunEntitlement:
		return int64(len(c.Networks))
	}
	return 1
}

// at returns the number of the event of the command that was made last. It holds where commands are put to the ledger one
// after another.
func (g *generator) at() int64 { return g.number }

// token makes up an id or a person's token: what a version 4 UUID looks like.
func (g *generator) token() string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(g.dice.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// between draws an amount.
func (g *generator) between(least, most domain.Pence) domain.Pence {
	return least + domain.Pence(g.dice.Int64N(int64(most-least+1)))
}

// source is where a made-up fact says that it comes from.
func source(title string) domain.Source { return domain.Source{Title: title} }

// month returns the n-th month of the year, from 1.
func month(n int) domain.Service { return domain.Service(fmt.Sprintf("%s/M%02d", year, n)) }
