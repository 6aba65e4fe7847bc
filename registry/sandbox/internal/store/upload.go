package store

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const (
	// SpillSize is the size in bytes up to which an upload stays in memory;
	// larger ones move to a temporary file.
	SpillSize = 8 << 20
	// MaxBlobSize is the size in bytes above which an upload is refused.
	MaxBlobSize = 4 << 30
)

// Errors of uploads.
var (
	ErrDigest   = errors.New("digest does not match the content")
	ErrTooLarge = errors.New("blob is larger than the sandbox keeps")
)

// Upload is a blob on its way in. Its methods may be called one at a time
// only; Lock and Unlock are for the caller to see to that.
type Upload struct {
	sync.Mutex

	ID         string
	Repository string

	store  *Store
	size   int64
	memory []byte
	disk   *os.File
	sha256 hash.Hash
}

// StartUpload opens an upload session.
func (s *Store) StartUpload(repository string) *Upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	u := &Upload{
		ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", s.serial, s.serial), Repository: repository,
		store: s, sha256: sha256.New(),
	}
	s.uploads[u.ID] = u
	return u
}

// Upload finds an open session of a repository.
func (s *Store) Upload(repository, id string) (*Upload, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.uploads[id]
	if !ok || u.Repository != repository {
		return nil, false
	}
	return u, true
}

// Size is the number of bytes received so far.
func (u *Upload) Size() int64 { return u.size }

// Write appends bytes.
func (u *Upload) Write(p []byte) (int, error) {
	if u.size+int64(len(p)) > MaxBlobSize {
		return 0, ErrTooLarge
	}
	if u.disk == nil && u.size+int64(len(p)) > SpillSize {
		if err := u.toDisk(); err != nil {
			return 0, err
		}
	}
	u.sha256.Write(p)
	u.size += int64(len(p))
	if u.disk == nil {
		u.memory = append(u.memory, p...)
		return len(p), nil
	}
	if _, err := u.disk.Write(p); err != nil {
		return 0, fmt.Errorf("write spilled upload: %w", err)
	}
	return len(p), nil
}

func (u *Upload) toDisk() error {
	dir, err := u.store.spillDir()
	if err != nil {
		return err
	}
	disk, err := os.Create(filepath.Join(dir, u.ID)) //nolint:gosec // the id is made by the store
	if err != nil {
		return fmt.Errorf("spill upload: %w", err)
	}
	u.disk = disk
	if _, err := disk.Write(u.memory); err != nil {
		return fmt.Errorf("spill upload: %w", err)
	}
	u.memory = nil
	return nil
}

// Commit ends the session and puts the blob into the repository, if its
// digest is the one that was announced.
func (u *Upload) Commit(repo *Repository, digest string) error {
	content := u.content()
	sum := "sha256:" + hex.EncodeToString(u.sha256.Sum(nil))
	if strings.HasPrefix(digest, "sha512:") {
		var err error
		if sum, err = sum512(content); err != nil {
			return err
		}
	}
	if sum != digest {
		return errors.Join(ErrDigest, u.Cancel())
	}
	u.forget()
	if u.disk != nil {
		if err := u.disk.Close(); err != nil {
			return fmt.Errorf("close spilled upload: %w", err)
		}
	}
	repo.PutBlob(digest, content)
	return nil
}

func (u *Upload) content() Content {
	if u.disk == nil {
		return Bytes(u.memory)
	}
	return file{path: u.disk.Name(), size: u.size}
}

func sum512(content Content) (string, error) {
	src, err := content.Open(0)
	if err != nil {
		return "", err
	}
	defer func() { _ = src.Close() }()
	h := sha512.New()
	if _, err := io.Copy(h, src); err != nil {
		return "", fmt.Errorf("read upload back: %w", err)
	}
	return "sha512:" + hex.EncodeToString(h.Sum(nil)), nil
}

// Cancel ends the session and drops its bytes.
func (u *Upload) Cancel() error {
	u.forget()
	if u.disk == nil {
		return nil
	}
	if err := errors.Join(u.disk.Close(), os.Remove(u.disk.Name())); err != nil {
		return fmt.Errorf("drop spilled upload: %w", err)
	}
	return nil
}

func (u *Upload) forget() {
	u.store.mu.Lock()
	defer u.store.mu.Unlock()
	delete(u.store.uploads, u.ID)
}
