"""Conversations that every template is rendered with; variables as transformers passes them."""

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather of a city, e.g. \"Orléans\"",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Name of the city"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": ["integer", "null"], "default": 1},
            },
            "required": ["city"],
        },
    },
}
SEARCH = {
    "type": "function",
    "function": {
        "name": "search",
        "description": "Search <docs> & more",
        "parameters": {
            "type": "object",
            "properties": {"filters": {"type": "array", "items": {"type": "string"}}},
        },
    },
}


def conversation(name, messages, tools=None, documents=None, generation=True, **more):
    return {
        "name": name,
        "variables": {
            "messages": messages,
            "tools": tools,
            "documents": documents,
            "add_generation_prompt": generation,
            **TOKENS,
            **more,
        },
    }


def message(role, content, **more):
    return {"role": role, "content": content, **more}


CALL = {
    "type": "function",
    "id": "abc123DEF",
    "function": {"name": "get_weather", "arguments": {"city": "Orléans", "unit": "celsius"}},
}
TEXT_CALL = {
    "type": "function",
    "id": "xyz789GHI",
    "function": {"name": "search", "arguments": "{\"filters\": [\"a\", \"b\"]}"},
}

CONVERSATIONS = [
    conversation("user", [message("user", "Hello")]),
    conversation("user-without-generation-prompt", [message("user", "Hello")], generation=False),
    conversation("system", [message("system", "You are terse."), message("user", "Hello")]),
    conversation(
        "turns",
        [
            message("system", "You are terse.\nAlways."),
            message("user", "Hello"),
            message("assistant", "Hi!"),
            message("user", "  What is 1+1?  "),
            message("assistant", "2\n"),
            message("user", "Thanks"),
        ],
    ),
    conversation(
        "turns-without-system",
        [message("user", "Hello"), message("assistant", "Hi!"), message("user", "Bye")],
    ),
    conversation(
        "ends-with-assistant",
        [message("user", "Hello"), message("assistant", "Hi there")],
        generation=False,
    ),
    conversation(
        "unicode",
        [
            message("system", "Réponds en français."),
            message("user", "日本語 👩‍👩‍👧 ünï\u2028x\u00a0y \\n \"q\" 'a' <b>&amp;</b>"),
        ],
    ),
    conversation("tools", [message("user", "Weather in Orléans?")], tools=[WEATHER, SEARCH]),
    conversation(
        "tools-and-system",
        [message("system", "Use tools."), message("user", "Weather?")],
        tools=[WEATHER],
    ),
    conversation(
        "tool-calls",
        [
            message("system", "Use tools."),
            message("user", "Weather in Orléans?"),
            message("assistant", "", tool_calls=[CALL]),
            message("tool", "{\"temp\": 21.5}", name="get_weather", tool_call_id="abc123DEF"),
            message("assistant", "21.5 degrees."),
            message("user", "And tomorrow?"),
        ],
        tools=[WEATHER],
    ),
    conversation(
        "two-tool-calls",
        [
            message("user", "Both please"),
            message("assistant", "Let me look.", tool_calls=[CALL, TEXT_CALL]),
            message("tool", "rain", name="get_weather", tool_call_id="abc123DEF"),
            message("tool", "[]", name="search", tool_call_id="xyz789GHI"),
        ],
        tools=[WEATHER, SEARCH],
    ),
    conversation(
        "tool-call-without-content",
        [
            message("user", "Go"),
            message("assistant", None, tool_calls=[CALL]),
            message("tool", {"temp": 3, "ok": True, "none": None}, name="get_weather", tool_call_id="abc123DEF"),
        ],
    ),
    conversation(
        "parts",
        [
            message("system", [{"type": "text", "text": "Be kind."}]),
            message("user", [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]),
        ],
    ),
    conversation(
        "image-part",
        [message("user", [{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "What?"}])],
    ),
    conversation(
        "thinking",
        [
            message("user", "Think"),
            message("assistant", "<think>\nHmm, 1 < 2.\n</think>\n\nDone."),
            message("user", "Again"),
            message("assistant", "Yes", reasoning_content="short thought"),
            message("user", "Last"),
        ],
    ),
    conversation("thinking-disabled", [message("user", "Quick")], enable_thinking=False),
    conversation("thinking-enabled", [message("user", "Slow")], enable_thinking=True),
    conversation(
        "documents",
        [message("user", "Cite")],
        documents=[{"title": "A", "text": "alpha"}, {"title": "B", "text": "beta"}],
    ),
    conversation("no-messages", []),
    conversation("two-users", [message("user", "One"), message("user", "Two")]),
    conversation("assistant-first", [message("assistant", "Hi"), message("user", "Hello")]),
    conversation("late-system", [message("user", "Hello"), message("system", "Now be terse.")]),
    conversation("unknown-role", [message("user", "Hello"), message("critic", "Boo")]),
    conversation("missing-content", [{"role": "user"}]),
    conversation("empty-content", [message("system", ""), message("user", "")]),
    conversation("custom-date", [message("user", "When?")], date_string="01 Jan 2030"),
]
