import { create } from "zustand";

/** The message that a click on its evidence points at. A new object for each click, so that the same one can be asked again. */
export const useFocusedMessage = create<{ focused: { contactId: string; seq: number } | null }>(() => ({ focused: null }));

export const focusMessage = (contactId: string, seq: number): void => useFocusedMessage.setState({ focused: { contactId, seq } });
