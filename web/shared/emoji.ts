/** A few emoji for a page that has no room for all of them, and what makes a message of emoji alone. */
export const EMOJI = (
  '😊 🙂 😌 😢 😭 😔 😞 😟 😣 😩 😤 😡 😱 😨 😰 😳 🥺 😴 🤔 😅 😂 🤗 😶 😐 🙄 😷 🤒 💔 ' +
  '❤️ 🧡 💛 💚 💙 💜 👍 👎 👌 🙏 👏 💪 🤝 ✌️ 👋 🌱 🌸 🌞 🌧️ 🌈 ⭐ 🍵 🍀 🎵 🕯️ 🐱 🐶 🏠 🎈 🍎 📖 ✨'
).split(' ');

/** Old WebViews know neither the flag nor the set: there everything is text. */
let only: RegExp | null = null;
try {
  only = new RegExp('^(?:\\p{RGI_Emoji}|\\p{Emoji_Presentation}){1,8}$', 'v');
} catch {
  only = null;
}
export const isOnlyEmoji = (text: string): boolean => text.length <= 64 && only?.test(text) === true;
