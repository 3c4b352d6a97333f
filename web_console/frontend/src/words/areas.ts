/** Each area of words adds itself here, from its zh-CN file: `declare module "../areas" { interface Areas { chat: typeof words } }`.
 * The English file of the same name must have the same keys, or it does not compile. */
export interface Areas {}

/** The words of an area as its English file must give them. */
export type WordsOf<A extends keyof Areas> = { readonly [K in keyof Areas[A]]: string };

/** What `t` accepts: every key, and plural keys (`n_one`, `n_other`) without their ending. */
export type Key<A extends keyof Areas> = (keyof Areas[A] & string) | Singular<keyof Areas[A] & string>;
type Singular<K extends string> = K extends `${infer Stem}_other` ? Stem : never;
