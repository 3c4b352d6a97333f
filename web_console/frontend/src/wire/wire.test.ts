import { beforeEach, describe, expect, it } from "vitest";
import { Outbox } from "./outbox";
import { backoff } from "./socket";

beforeEach(() => localStorage.clear());

const words = (id: string) => ({ client_id: id, contact_id: "c1", text: id, written_at: "2026-01-01T00:00:00Z" });

describe("the outbox", () => {
  it("keeps what was written while the line is down, and sends it in order when it is back", () => {
    const wire: string[] = [];
    let up = false;
    const outbox = new Outbox(localStorage, "k", (item) => up && wire.push(item.client_id) > 0);
    outbox.add(words("a"));
    outbox.add(words("b"));
    expect(wire).toEqual([]);
    up = true;
    outbox.resend();
    expect(wire).toEqual(["a", "b"]);
  });

  it("sends again, under the same id, what was sent into a line that died before the acknowledgement", () => {
    const wire: string[] = [];
    const outbox = new Outbox(localStorage, "k", (item) => wire.push(item.client_id) > 0);
    outbox.add(words("a"));
    outbox.add(words("b"));
    outbox.acknowledged("a");
    outbox.lineLost();
    outbox.resend();
    expect(wire).toEqual(["a", "b", "b"]);
    outbox.acknowledged("b");
    outbox.resend();
    expect(wire).toHaveLength(3);
    expect(outbox.list()).toEqual([]);
  });

  it("survives a reload", () => {
    new Outbox(localStorage, "k", () => true).add(words("a"));
    const wire: string[] = [];
    const after = new Outbox(localStorage, "k", (item) => wire.push(item.client_id) > 0);
    expect(after.list().map((item) => item.state)).toEqual(["queued"]);
    after.resend();
    expect(wire).toEqual(["a"]);
  });

  it("keeps what another tab has not sent yet, until that is sent or all is forgotten", () => {
    const kept = () => new Outbox(localStorage, "k", () => false).list().map((item) => item.client_id);
    const one = new Outbox(localStorage, "k", () => false);
    const other = new Outbox(localStorage, "k", () => false);
    one.add(words("a"));
    other.add(words("b"));
    expect(kept()).toEqual(["a", "b"]);
    one.acknowledged("a");
    other.lineLost();
    expect(kept()).toEqual(["b"]);
    one.add(words("c"));
    one.clear();
    expect(kept()).toEqual([]);
  });

  it("does not send by itself what the server refused, and does when asked", () => {
    const wire: string[] = [];
    const outbox = new Outbox(localStorage, "k", (item) => wire.push(item.client_id) > 0);
    outbox.add(words("a"));
    outbox.refused("a", "invalid");
    outbox.resend();
    expect(wire).toEqual(["a"]);
    expect(outbox.list()[0]).toMatchObject({ state: "refused", refusal: "invalid" });
    outbox.retry("a");
    expect(wire).toEqual(["a", "a"]);
  });

  it("sends nobody's words in the name of who signs in next at the same desk", () => {
    const wire: string[] = [];
    let [me, up] = ["anna", false];
    const desk = () => new Outbox(localStorage, "k", (item) => up && wire.push(item.client_id) > 0, () => me);
    desk().add(words("a"));
    [me, up] = ["ben", true];
    const bens = desk();
    bens.resend();
    bens.add(words("b"));
    expect(wire).toEqual(["b"]);
    expect(bens.list().filter(bens.isMine).map((item) => item.client_id)).toEqual(["b"]);
    me = "anna";
    desk().resend();
    expect(wire).toEqual(["b", "a"]);
  });

  it("still sends when storage is forbidden", () => {
    const forbidden = { getItem: () => null, setItem: () => { throw new Error("quota"); }, removeItem: () => undefined } as unknown as Storage;
    const wire: string[] = [];
    new Outbox(forbidden, "k", (item) => wire.push(item.client_id) > 0).add(words("a"));
    expect(wire).toEqual(["a"]);
  });
});

describe("the wait between attempts", () => {
  it("doubles up to a ceiling, and half of it is chance", () => {
    expect([backoff(0, 0), backoff(0, 0.999)].map(Math.round)).toEqual([250, 500]);
    expect(backoff(3, 0)).toBe(2000);
    expect(backoff(40, 0)).toBe(7500);
  });
});
