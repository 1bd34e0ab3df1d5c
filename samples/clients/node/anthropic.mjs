// Weft by Anthropic's client for Node.
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  baseURL: process.env.WEFT_URL ?? 'http://127.0.0.1:8080',
  apiKey: 'any',
});
const message = (model) => ({
  model,
  messages: [{ role: 'user', content: 'show the 5 newest orders from Lyon above 200 euros' }],
  max_tokens: 100,
});

const answer = await client.messages.create(message('sql'));
console.log(answer.content[0].text);

const stream = client.messages.stream(message('french'));
stream.on('text', (text) => process.stdout.write(text));
await stream.finalMessage();
console.log();

// an agent: calls tools until the model answers
const tools = ['count_rows', 'sum_amounts'].map((name) => ({
  name,
  input_schema: {
    type: 'object',
    properties: { table: { type: 'string' }, status: { type: 'string' }, city: { type: 'string' } },
    required: ['table'],
  },
}));
const messages = [{ role: 'user', content: 'Give me the number of unpaid invoices from Nantes' }];
let turn;
do {
  turn = await client.messages.create({ ...message('tools'), messages, tools });
  const results = turn.content
    .filter((block) => block.type === 'tool_use')
    .map(({ id, name, input }) => {
      console.log(name, input);
      return { type: 'tool_result', tool_use_id: id, content: name === 'count_rows' ? '250' : '1200' };
    });
  messages.push({ role: 'assistant', content: turn.content }, { role: 'user', content: results });
} while (turn.stop_reason === 'tool_use');
console.log(turn.content[0].text);
