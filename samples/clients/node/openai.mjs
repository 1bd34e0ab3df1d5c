// Weft by OpenAI's client for Node.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.WEFT_URL ?? 'http://127.0.0.1:8080'}/v1`,
  apiKey: 'any',
});
const chat = (model) => ({
  model,
  messages: [{ role: 'user', content: 'show the 5 newest orders from Lyon above 200 euros' }],
  temperature: 0,
  max_completion_tokens: 100,
});

const answer = await client.chat.completions.create(chat('sql'));
console.log(answer.choices[0].message.content);

for await (const chunk of await client.chat.completions.create({ ...chat('french'), stream: true })) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
}
console.log();

const called = await client.chat.completions.create({
  ...chat('sql'),
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        strict: true,
        parameters: {
          type: 'object',
          properties: { city: { enum: ['Ulm', 'Rom'] } },
          required: ['city'],
          additionalProperties: false,
        },
      },
    },
  ],
  tool_choice: 'required',
  parallel_tool_calls: false,
});
console.log(called.choices[0].message.tool_calls[0].function);
