// The type of a translation: it has every key and every placeholder of the English texts, or does not compile.

/** The categories of plurals (CLDR; Intl.PluralRules). */
type Category = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'

/** A text for each category of plurals that the language has. */
type Plural<Other> = { [C in Exclude<Category, 'other'>]?: string } & { other: Other }

/** The names in a text: `day` of `last here {day}`. */
type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

type All<Union> = (Union extends unknown ? (of: Union) => void : never) extends (of: infer Both) => void
  ? Both
  : never

type PlaceholderOf<Name extends string> = Name extends string ? `${string}{${Name}}${string}` : never

/** A text with all these placeholders, in any order. */
type With<Name extends string> = [Name] extends [never] ? string : All<PlaceholderOf<Name>>

/** The texts of a language, for these English ones. */
export type Translation<English> = {
  [Key in keyof English]: English[Key] extends { other: infer Other }
    ? Plural<With<NamesIn<Other>>>
    : With<NamesIn<English[Key]>>
}

/** What stands in the place of each placeholder of an English text. */
export type Values<English, Value> = Record<
  NamesIn<English extends { other: infer Other } ? Other : English>,
  Value
>
