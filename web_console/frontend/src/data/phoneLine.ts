/** The one telephone of this page: begun with the sign-in, ended with the sign-out, begun anew when another kind is chosen. */
import { BrowserPhone } from "./browserPhone";
import { choosePhone, expectsRing, fetchPhone, type Phone, type PhoneChoice, ringsHere, usePhone } from "./phone";
import { store } from "./store";

const AGAIN_MS = 5_000;

let me: string | null = null;
let line: BrowserPhone | null = null;
let again: ReturnType<typeof setTimeout> | undefined;

store.subscribe(() => line?.reconsider());

export async function startPhone(staffId: string): Promise<void> {
  me = staffId;
  try {
    const own = await renew();
    if (me === staffId) begin(own);
  } catch {
    clearTimeout(again);
    if (me === staffId) again = setTimeout(() => void startPhone(staffId), AGAIN_MS);
  }
}

export async function stopPhone(): Promise<void> {
  me = null;
  clearTimeout(again);
  const ended = line;
  line = null;
  await ended?.stop();
}

/** Ring the browser, or a number: holds from the next call on. */
export async function changePhone(choice: PhoneChoice): Promise<void> {
  const before = usePhone.getState().own;
  const own = await choosePhone(choice);
  usePhone.setState({ own });
  if (ringsHere(own) === ringsHere(before)) return;
  const ended = line;
  line = null;
  void ended?.stop();
  begin(own);
}

function begin(own: Phone): void {
  if (!ringsHere(own) || me === null) return;
  const staffId = me;
  line = new BrowserPhone({ renew, expects: () => expectsRing(store.getState().contacts, staffId) });
  void line.start(own);
}

async function renew(): Promise<Phone> {
  const own = await fetchPhone();
  usePhone.setState({ own });
  return own;
}

export const answerPhone = (): void => line?.answer();
export const declinePhone = (): void => line?.decline();
export const mutePhone = (on: boolean): void => line?.mute(on);
export const pressKeys = (digits: string): void => line?.press(digits);
export const takeChosenAudio = (): Promise<void> => line?.takeChosenAudio() ?? Promise.resolve();
