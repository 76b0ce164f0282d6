# What a new machine needs: Go 1.26, gcc (for the race detector), git, make.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help build demo test lint fmt golden

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/pcnledger
	go build -o bin/pcnledger ./cmd/pcnledger

demo: build ## play the Oxfordshire example; its reports go to demo/
	bin/pcnledger demo --out demo

test: lint ## formatting, vet, staticcheck, all tests with the race detector
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
