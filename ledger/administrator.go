package ledger

import (
	"context"

	"pcnledger/domain"
)

// administratorID is the command id of the first administrator's appointment, where the ledger's creation makes it.
const administratorID = "init-administrator"

// FirstAdministrator is the officer id of an administrator for whom none was chosen.
const FirstAdministrator domain.OfficerID = "administrator-1"

// An Administrator is the first officer of a ledger: appointed by whoever creates it, and by nobody else. An administrator
// appoints and does nothing else.
type Administrator struct {
	Officer domain.OfficerID
	Login   string // of the operating system
}

// appoint is the command that appoints the administrator from a day on.
func (a Administrator) appoint(from domain.Date) domain.AppointOfficer {
	return domain.AppointOfficer{Appointment: domain.Appointment{
		Officer: a.Officer, Identity: domain.Identity{Login: a.Login}, Role: domain.RoleAdministrator, From: from,
		Source: domain.Source{Title: "the creation of this ledger (pcnledger init --administrator)"},
	}}
}

// command is that command as the programme gives it.
func (a Administrator) command(from domain.Date, actor string) (prepared, error) {
	return ownCommand(administratorID, a.appoint(from), actor)
}

func (a Administrator) decide(state *domain.Ledger, stamp domain.Stamp) (decided, error) {
	c, err := a.command(domain.DateIn(stamp.Time), stamp.Actor)
	if err != nil {
		return decided{}, err
	}
	return new(decider).decide(state, c, stamp, nil)
}

// appointFirst appoints the administrator of a ledger that was created before. Asked again it answers repeated, on whichever
// day. Where there are officers already it is refused: they appoint.
func (l *Ledger) appointFirst(ctx context.Context, a Administrator, stamp domain.Stamp) (Receipt, error) {
	from := domain.DateIn(stamp.Time)
	events, found, err := l.log.Find(ctx, administratorID)
	if err != nil {
		return Receipt{}, err
	}
	if found {
		fact, err := decodeEvent(events[0])
		if err != nil {
			return Receipt{}, err
		}
		if appointed, is := fact.Event.(domain.OfficerAppointed); is {
			from = appointed.From // it was asked for on that day
		}
	} else if officers, err := l.Officers(); err != nil || officers > 0 {
		return refused(administratorID, domain.RuleLedgerExists, "have its administrators appoint the officer (AppointOfficer)",
			"this ledger exists already, and has officers"), err
	}
	c, err := a.command(from, stamp.Actor)
	if err != nil {
		return Receipt{}, err
	}
	by := stamper{actor: stamp.Actor, auth: stamp.Auth}
	if stamp.Auth == authDemo {
		by.at = stamp.Time
	}
	receipts, err := l.submitPrepared(ctx, []prepared{c}, by)
	if err != nil {
		return Receipt{}, err
	}
	return receipts[0], nil
}

// Officers returns how many officers were ever appointed. Where there are none, whoever can open the ledger may record.
func (l *Ledger) Officers() (n int, err error) {
	err = l.writer.whileIdle(func() { n = l.writer.state.Officers() })
	return n, err
}
