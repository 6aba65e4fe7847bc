package httpx

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"

	"regatta/model/fault"
)

// bases makes one *http.Transport for all hosts that need nothing special, and
// one more for each that has certificates of its own.
type bases struct {
	certDirs []string

	mu     sync.Mutex
	shared *http.Transport
	own    []*http.Transport
}

func (b *bases) forHost(name string, o HostOptions) http.RoundTripper {
	b.mu.Lock()
	defer b.mu.Unlock()
	config, err := tlsConfig(name, o, b.certDirs)
	if err != nil {
		return broken{&fault.Error{Kind: fault.TLS, Detail: detailOf(err), Err: err}}
	}
	if config == nil && o.Concurrency <= defaultConcurrency {
		if b.shared == nil {
			b.shared = network(defaultConcurrency, nil)
		}
		return b.shared
	}
	t := network(o.Concurrency, config)
	b.own = append(b.own, t)
	return t
}

func (b *bases) closeIdle() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shared != nil {
		b.shared.CloseIdleConnections()
	}
	for _, t := range b.own {
		t.CloseIdleConnections()
	}
}

func network(concurrency int, config *tls.Config) *http.Transport {
	const buffer = 32 << 10
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           0,
		MaxIdleConnsPerHost:    concurrency + 4,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHeaders,
		WriteBufferSize:        buffer,
		ReadBufferSize:         buffer,
	}
}

// broken answers for a host whose certificates cannot be read.
type broken struct{ err error }

// RoundTrip implements http.RoundTripper.
func (b broken) RoundTrip(req *http.Request) (*http.Response, error) {
	closeBody(req)
	return nil, b.err
}
