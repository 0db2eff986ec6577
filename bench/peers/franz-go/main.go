// The practical lower limit: Kafka to Klaviyo's bulk events in Go, without a ledger. Offsets are committed after the
// answer. With SINGLE_PER_SECOND it sends one event per call at that pace instead, as connectors commonly do.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Of three events each: with one more the bulk request would be over 1,000.
const ordersPerRequest = 333

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BROKERS"), ",")...),
		kgo.ConsumerGroup(os.Getenv("GROUP_ID")),
		kgo.ConsumeTopics("buyer.events.v1"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
	)
	if err != nil {
		fail(err)
	}
	defer client.Close()
	perSecond, _ := strconv.ParseFloat(os.Getenv("SINGLE_PER_SECOND"), 64)
	sender := sender{url: os.Getenv("KLAVIYO_BASE_URL")}
	for ctx.Err() == nil {
		fetches := client.PollRecords(ctx, ordersPerRequest)
		if ctx.Err() != nil {
			return
		}
		if errs := fetches.Errors(); len(errs) > 0 {
			fail(errs[0].Err)
		}
		records := fetches.Records()
		if len(records) == 0 {
			continue
		}
		entries := make([]any, 0, len(records)*3)
		for _, record := range records {
			var order map[string]any
			if err := json.Unmarshal(record.Value, &order); err != nil {
				fail(err)
			}
			entries = append(entries, mapOrder(order)...)
		}
		if perSecond > 0 {
			sender.sendSingly(ctx, entries, time.Duration(float64(time.Second)/perSecond))
		} else {
			sender.sendBulk(entries)
		}
		if err := client.CommitRecords(context.Background(), records...); err != nil {
			fail(err)
		}
	}
}

type object = map[string]any

type sender struct {
	url string
}

func (s sender) sendBulk(entries []any) {
	s.post("/api/event-bulk-create-jobs", object{"data": object{
		"type":       "event-bulk-create-job",
		"attributes": object{"events-bulk-create": object{"data": entries}},
	}})
}

func (s sender) sendSingly(ctx context.Context, entries []any, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for _, entry := range entries {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		attributes := entry.(object)["attributes"].(object)
		event := attributes["events"].(object)["data"].([]any)[0].(object)["attributes"].(object)
		event["profile"] = attributes["profile"]
		s.post("/api/events", object{"data": object{"type": "event", "attributes": event}})
	}
}

func (s sender) post(path string, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		fail(err)
	}
	request, err := http.NewRequest(http.MethodPost, s.url+path, bytes.NewReader(text))
	if err != nil {
		fail(err)
	}
	request.Header.Set("Authorization", "Klaviyo-API-Key "+os.Getenv("KLAVIYO_API_KEY"))
	request.Header.Set("revision", "2026-07-15")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fail(err)
	}
	answer, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		fail(fmt.Errorf("%s answered %d: %s", path, response.StatusCode, answer))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
