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

const called = await client.messages.create({
  ...message('sql'),
  tools: [
    {
      name: 'get_weather',
      input_schema: {
        type: 'object',
        properties: { city: { enum: ['Ulm', 'Rom'] } },
        required: ['city'],
        additionalProperties: false,
      },
    },
  ],
  tool_choice: { type: 'any', disable_parallel_tool_use: true },
});
const { name, input } = called.content.find((block) => block.type === 'tool_use');
console.log(name, input);
