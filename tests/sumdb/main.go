// Another implementation's opinion of a served record: Go's sumdb/note and sumdb/tlog, as the Go module proxy uses them.
//
//	go run main.go LOG VKEY [WITNESS-VKEY] < proofs.json
//
// It opens the checkpoint, reads every hash that it needs through tlog.TileHashReader (which authenticates each tile against the
// checkpoint's root), proves every record of every entry bundle and the tree of every smaller size from these tiles, and checks the
// proofs that the log itself has made, which come on standard input. It ends with 0 and one line, or with 1 and the first thing wrong.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func get(url string) []byte {
	answer, err := http.Get(url)
	must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(err)
	if answer.StatusCode != 200 {
		must(fmt.Errorf("%s: %s", url, answer.Status))
	}
	return body
}

// tiles reads C2SP tlog-tiles, whose paths leave out the height.
type tiles struct{ log string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		data = append(data, get(t.log+"/"+path))
	}
	return data, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// cosigner verifies cosignature/v1 of c2sp.org/tlog-cosignature; Go's own package knows plain Ed25519 only.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	return ed25519.Verify(c.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)), signature[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("not a vkey: %s", vkey)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, fmt.Errorf("not a witness's vkey: %s", vkey)
	}
	hash := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(hash[:4]) != parts[1] {
		return nil, fmt.Errorf("not the id of that key: %s", vkey)
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(hash[:4]), key[1:]}, nil
}

type given struct {
	Records []struct {
		Index, Size int64
		Root        tlog.Hash
		Proof       []tlog.Hash
	}
	Trees []struct {
		Old, Size     int64
		OldRoot, Root tlog.Hash
		Proof         []tlog.Hash
	}
}

func entriesPath(index int64, count int) string {
	path := strings.Replace(tlog.Tile{H: height, L: -1, N: index, W: count}.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
	return path
}

func main() {
	log := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	known := []note.Verifier{verifier}
	if len(os.Args) > 3 {
		witness, err := newCosigner(os.Args[3])
		must(err)
		known = append(known, witness)
	}
	opened, err := note.Open(get(log+"/checkpoint"), note.VerifierList(known...))
	must(err)
	if len(opened.Sigs) != len(known) {
		must(fmt.Errorf("%d of %d known keys have signed", len(opened.Sigs), len(known)))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		must(fmt.Errorf("not a checkpoint of three lines"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{log})

	var leaves []tlog.Hash
	for start := int64(0); start < size; start += width {
		count := int(min(width, size-start))
		body := get(log + "/" + entriesPath(start/width, count))
		for place := 0; place < count; place++ {
			length := int(binary.BigEndian.Uint16(body))
			leaves = append(leaves, tlog.RecordHash(body[2:2+length]))
			body = body[2+length:]
		}
		if len(body) != 0 {
			must(fmt.Errorf("a bundle of entries with more than %d", count))
		}
	}
	for index, leaf := range leaves {
		proof, err := tlog.ProveRecord(size, int64(index), reader)
		must(err)
		must(tlog.CheckRecord(proof, size, root, int64(index), leaf))
	}
	for old := int64(1); old <= size; old += 1 + size/50 {
		hash, err := tlog.TreeHash(old, reader)
		must(err)
		proof, err := tlog.ProveTree(size, old, reader)
		must(err)
		must(tlog.CheckTree(proof, size, root, old, hash))
	}

	var made given
	must(json.NewDecoder(os.Stdin).Decode(&made))
	for _, one := range made.Records {
		must(tlog.CheckRecord(one.Proof, one.Size, one.Root, one.Index, leaves[one.Index]))
	}
	for _, one := range made.Trees {
		must(tlog.CheckTree(one.Proof, one.Size, one.Root, one.Old, one.OldRoot))
	}
	out := fmt.Sprintf("%s: %d records, %d signatures, %d unknown, %d proofs of the log", lines[0], len(leaves), len(opened.Sigs),
		len(opened.UnverifiedSigs), len(made.Records)+len(made.Trees))
	_, err = io.Copy(os.Stdout, bytes.NewReader([]byte(out+"\n")))
	must(err)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
