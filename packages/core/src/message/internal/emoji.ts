/** Pictures, flags, keycaps: what an emoji has and a letter has not. Unicode keeps places for emoji of later years. */
export const picture = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\u20e3/u
