package dev.weft.chat;

import dev.weft.chat.jinja.JinjaRuntimeException;
import dev.weft.chat.jinja.JinjaTemplate;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import java.time.Clock;
import java.util.function.LongConsumer;

/**
 * A chat template, compiled once. Renders what jinja2 3.1.6 renders when it is set up as
 * transformers' {@code apply_chat_template} sets it up. Templates come with adapters and are not
 * trusted: they reach nothing but what they are given, and each rendering has bounds. Immutable;
 * any thread may render it.
 */
public final class ChatTemplate {
    private static final int MAX_SOURCE = 1 << 18;
    private static final Budget.Limits READING =
            new Budget.Limits(5_000_000, 1L << 28, MAX_SOURCE, 400);
    private static final Budget.Limits RENDERING =
            new Budget.Limits(20_000_000, 1L << 29, 1 << 24, 400);

    private final JinjaTemplate template;

    private ChatTemplate(JinjaTemplate template) {
        this.template = template;
    }

    /**
     * Reads a template.
     *
     * @throws ChatTemplateException where it can't be read, or uses a filter, test, function,
     *     method or tag that is not supported; names the place and the construct
     */
    public static ChatTemplate compile(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new ChatTemplateException(
                    "a template of "
                            + source.length()
                            + " characters; at most "
                            + MAX_SOURCE
                            + " are allowed",
                    1,
                    1);
        }
        try {
            return new ChatTemplate(JinjaTemplate.compile(source, new Budget(READING)));
        } catch (JinjaSyntaxException e) {
            throw new ChatTemplateException(String.valueOf(e.getMessage()), e.line(), e.column());
        }
    }

    /**
     * The prompt for a conversation.
     *
     * @param clock time and time zone that {@code strftime_now} tells
     * @throws ChatRenderException where the template refuses the conversation, fails on it, or
     *     takes more than it may
     */
    public String render(ChatInput input, Clock clock) {
        return render(input, clock, _ -> {});
    }

    /**
     * The prompt for a conversation, in memory that is asked for as it is needed. An interruption
     * of the thread ends it.
     *
     * @param clock time and time zone that {@code strftime_now} tells
     * @param memory is told how many more bytes values will have, at most {@code 2^29} in all; what
     *     it throws ends the rendering
     * @throws ChatRenderException where the template refuses the conversation, fails on it, or
     *     takes more than it may
     */
    public String render(ChatInput input, Clock clock, LongConsumer memory) {
        Budget budget = new Budget(RENDERING, memory);
        try {
            return template.render(input.variables(), clock, budget);
        } catch (JinjaRuntimeException e) {
            throw ChatRenderException.of(e);
        }
    }

    /**
     * True where the template goes through the parts of a message's content itself. Where it does
     * not, who serves it joins text parts to one string first: see {@link
     * ChatInput#withJoinedText()}.
     */
    public boolean readsContentParts() {
        return template.readsContentParts();
    }
}
