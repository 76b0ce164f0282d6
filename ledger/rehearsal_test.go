package ledger

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
)

// TestRehearsalRecordsNothing: each command is decided after those before it, and afterwards the ledger is as it was.
func TestRehearsalRecordsNothing(t *testing.T) {
	l, _ := begun(t)
	before, digest := l.log.Next(), l.Views().Digest()
	r, err := l.Rehearse(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range []string{
		`{"id":"north","command":"RegisterBody","data":{"body":"local:NORTH","kind":"network"}}`,
		`{"id":"mill","command":"RegisterBody","data":{"body":"local:MILL","kind":"practice"}}`,
		`{"id":"in","command":"RecordMembership","data":{"network":"local:NORTH","members":[{"practice":"local:MILL","from":"2024-01-01"}],"source":{"title":"return"}}}`,
		`{"id":"twice","command":"RegisterBody","data":{"body":"local:MILL","kind":"practice"}}`,
		`{"id":"north","command":"RegisterBody","data":{"body":"local:SOUTH","kind":"network"}}`,
		`{"id":"none","command":"RecordMembership","data":{"network":"local:EAST","members":[{"practice":"local:MILL","from":"2024-01-01"}],"source":{"title":"return"}}}`,
	} {
		tried, err := r.Try(t.Context(), parsed(t, line))
		if err != nil {
			t.Fatal(err)
		}
		text := tried.Receipt.Command + " " + string(tried.Receipt.Outcome)
		for _, e := range tried.Events {
			text += " " + e.Type + " " + string(e.Data)
		}
		if tried.Receipt.Refusal != nil {
			text += " " + string(tried.Receipt.Refusal.Rule)
		}
		got = append(got, text)
	}
	want := []string{
		`north would record BodyRegistered {"body":"local:NORTH","kind":"network"}`,
		`mill would record BodyRegistered {"body":"local:MILL","kind":"practice"}`,
		`in would record MembershipRecorded {"network":"local:NORTH","members":[{"practice":"local:MILL","from":"2024-01-01"}],"source":{"title":"return"}}`,
		`twice unchanged`,
		`north refused command-reused`,
		`none refused body-unknown`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the rehearsal says (-want +got):\n%s", diff)
	}
	if l.log.Next() != before || l.Views().Digest() != digest {
		t.Error("the rehearsal changed the ledger")
	}
	replay, err := l.Replay(t.Context(), nil)
	if err != nil || !replay.OK() {
		t.Errorf("the replay after it: %v, %v", replay.Problems, err)
	}
}

// TestRehearsalOfWhatWouldBeHeld shows what the request would ask for, without a digest that nobody could approve.
func TestRehearsalOfWhatWouldBeHeld(t *testing.T) {
	c := withOfficers(t)
	c.Ledger.actor = firstAdmin
	before := c.log.Next()
	r, err := c.Rehearse(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tried, err := r.Try(t.Context(), Encode("try-1", appoint("zoe", domain.RoleAuditor, 0), ""))
	if err != nil {
		t.Fatal(err)
	}
	if tried.Receipt.Outcome != WouldHold || tried.Receipt.Digest != "" || len(tried.Asked) != 1 || tried.Asked[0].Type != "OfficerAppointed" || !strings.Contains(string(tried.Asked[0].Data), `"zoe"`) {
		t.Errorf("it would be %+v", tried)
	}
	if c.log.Next() != before {
		t.Error("the rehearsal was recorded")
	}
}
