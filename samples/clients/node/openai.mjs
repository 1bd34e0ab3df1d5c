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

// an agent: calls tools until the model answers
const tools = ['count_rows', 'sum_amounts'].map((name) => ({
  type: 'function',
  function: {
    name,
    parameters: {
      type: 'object',
      properties: { table: { type: 'string' }, status: { type: 'string' }, city: { type: 'string' } },
      required: ['table'],
    },
  },
}));
const messages = [{ role: 'user', content: 'Give me the number of unpaid invoices from Nantes' }];
let message;
do {
  ({ message } = (await client.chat.completions.create({ ...chat('tools'), messages, tools })).choices[0]);
  messages.push(message);
  for (const { id, function: call } of message.tool_calls ?? []) {
    console.log(call.name, call.arguments);
    messages.push({ role: 'tool', tool_call_id: id, content: call.name === 'count_rows' ? '250' : '1200' });
  }
} while (message.tool_calls);
console.log(message.content);
