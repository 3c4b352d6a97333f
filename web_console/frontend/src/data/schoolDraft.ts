/** The half-filled report: on this computer at once, on the server when the writing pauses. The copy here goes as soon as the
 * server has it, so that a shared computer in a staff room keeps nothing. */
import { create } from "zustand";
import { http } from "../wire/http";
import type { Answers } from "./schoolForm";
import { useSession } from "./session";

const SAVE_AFTER_MS = 1_000;
/** Each person's own: whoever signs in next at this computer does not find it. */
const me = (): string => useSession.getState().user?.id ?? "";
const key = (): string => `hotline.school_draft.${me()}`;

export type Saved = "nothing" | "waiting" | "saving" | "saved" | "local";

interface DraftState {
  owner: string;
  answers: Answers;
  saved: Saved;
  ready: boolean;
}

export const useSchoolDraft = create<DraftState>(() => ({ owner: "", answers: {}, saved: "nothing", ready: false }));

let timer: ReturnType<typeof setTimeout> | undefined;

/** What an earlier page or another desk left: this computer's copy is the newer one. */
export async function restoreDraft(): Promise<void> {
  if (useSchoolDraft.getState().owner !== me()) useSchoolDraft.setState({ owner: me(), answers: {}, saved: "nothing", ready: false });
  const local = read();
  const server = local ? null : await http.get<{ answers?: Answers | null }>("/api/school-reports/draft").catch(() => null);
  useSchoolDraft.setState((state) => (state.saved === "nothing" ? { answers: local ?? server?.answers ?? {}, ready: true } : { ready: true }));
  if (local) schedule();
}

export function answer(change: Answers): void {
  const answers = { ...useSchoolDraft.getState().answers, ...change };
  useSchoolDraft.setState({ answers, saved: "waiting" });
  write(answers);
  schedule();
}

/** Sent, or thrown away. */
export async function clearDraft(): Promise<void> {
  clearTimeout(timer);
  write(null);
  useSchoolDraft.setState({ answers: {}, saved: "nothing" });
  await http.put("/api/school-reports/draft", { answers: {} }).catch(() => undefined);
}

function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void save(), SAVE_AFTER_MS);
}

async function save(): Promise<void> {
  const { answers, owner } = useSchoolDraft.getState();
  if (owner !== me()) return;
  useSchoolDraft.setState({ saved: "saving" });
  try {
    await http.put("/api/school-reports/draft", { answers });
    if (useSchoolDraft.getState().answers !== answers) return;
    write(null);
    useSchoolDraft.setState({ saved: "saved" });
  } catch {
    // The copy on this computer stays; the next pause, or the network coming back, tries again.
    useSchoolDraft.setState({ saved: "local" });
  }
}

window.addEventListener("online", () => {
  if (useSchoolDraft.getState().saved === "local") schedule();
});

function read(): Answers | null {
  try {
    return JSON.parse(localStorage.getItem(key()) ?? "null") as Answers | null;
  } catch {
    return null;
  }
}

function write(answers: Answers | null): void {
  try {
    if (answers === null) localStorage.removeItem(key());
    else localStorage.setItem(key(), JSON.stringify(answers));
  } catch {
    // The server's copy then has to do.
  }
}
