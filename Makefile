# What a new machine needs: Go 1.26, gcc (for the race detector), git, make, apt. What else the tests run, make tools installs.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Debian packages of the same names as their programs: the tests check archives and signatures with them, as an auditor would.
TOOLS := zstd openssl

.PHONY: help build demo england test tools lint fmt golden bench

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/pcnledger
	go build -o bin/pcnledger ./cmd/pcnledger

demo: build ## play the Oxfordshire example; its reports go to demo/
	bin/pcnledger demo --out demo

england: build ## pay two rates of 2021/22 for every network of England, in a ledger in england/
	@test ! -e england || { echo "england is there already: move it away, or delete it"; exit 1; }
	bin/pcnledger --data england init --ledger england --commissioner X24
	bin/pcnledger --data england import list-sizes examples/england/lists_2021-01-01.csv
	bin/pcnledger --data england import memberships examples/england/memberships.csv --title "ePCN of 28 January 2022"
	bin/pcnledger --data england do examples/england/commands.jsonl | tail -n 1
	bin/pcnledger --data england show trial-balance
	@echo; echo "Entitlements: annual, raised, recovered, paid, to come, remaining"
	@bin/pcnledger --data england show entitlements | awk '!past && /^total/ { past = $$0 == "total"; print; getline; print }'

tools: ## install what the tests run beside Go, where it is missing
	@missing=; for tool in $(TOOLS); do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	  test -z "$$missing" && exit 0; \
	  as=; test "$$(id -u)" = 0 || as=sudo; \
	  $$as apt-get update && $$as apt-get install -y $$missing || { echo "the tests need:$$missing; install them with apt-get install$$missing"; exit 1; }

bench: build ## measure how fast the ledger is on this machine
	bin/pcnledger bench

test: lint tools ## formatting, vet, staticcheck, all tests with the race detector
	@command -v gcc >/dev/null || { echo 'the race detector needs gcc: apt-get install gcc'; exit 1; }
	go test -race -timeout 20m ./...

lint: ## formatting, vet, staticcheck, tidy go.mod
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	  test -z "$$unformatted" || { echo "not formatted, run make fmt: $$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go mod tidy -diff

fmt: ## format all Go files
	gofmt -w $$(git ls-files -co --exclude-standard '*.go')

golden: ## write the golden files anew; read the difference before you commit it
	go test ./domain ./eventstore ./projections ./intake ./ledger -update
	go test ./reports -update
	UPDATE_SCRIPTS=1 go test ./cmd/pcnledger -run TestScripts
