import { useCallback, useEffect, useState } from "react";
import { loadMessages } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import type { Message } from "../../data/messages";
import { useKnown } from "../../data/store";

const NONE: readonly Message[] = [];

/** Frames follow a contact's change within moments; only if they do not come (a supervisor reads without having joined, so no
 * message frames are sent there) is the page asked for. */
const PATIENCE_MS = 400;

/** The messages of a contact: the newest page at first, older ones on demand, and new ones as they come. */
export function useTranscript(contact: Contact) {
  const messages = useKnown((known) => known.messages[contact.id]) ?? NONE;
  const generation = useKnown((known) => known.generation);
  const [older, setOlder] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  const load = useCallback(async () => {
    try {
      setOlder(await loadMessages(contact.id));
      setFailed(null);
      setLoaded(true);
    } catch (error) {
      setFailed(error);
    }
  }, [contact.id]);
  useEffect(() => void load(), [load, generation]);
  const newest = messages.at(-1)?.seq ?? 0;
  const behind = loaded && contact.last_seq > newest;
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => void loadMessages(contact.id).catch(() => undefined), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [behind, contact.id, contact.last_seq, newest]);
  const loadOlder = useCallback(async () => {
    const first = messages[0]?.seq;
    if (first !== undefined) setOlder(await loadMessages(contact.id, first));
  }, [contact.id, messages]);
  return { messages, older, loadOlder, failed, loaded, load };
}
