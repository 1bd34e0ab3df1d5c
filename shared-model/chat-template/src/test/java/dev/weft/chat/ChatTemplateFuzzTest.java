package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.chat.jinja.JinjaRuntimeException;
import dev.weft.chat.jinja.JinjaTemplate;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * An adapter's template renders within its budget, always to the same text, or says why it does
 * not.
 */
class ChatTemplateFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final int MOST_TEXT = 20_000;
    private static final Map<String, ?> CHAT =
            Map.of(
                    "messages",
                    List.of(
                            Map.of("role", "system", "content", "Be brief."),
                            Map.of("role", "user", "content", "Hello, who are you?")),
                    "add_generation_prompt",
                    true,
                    "bos_token",
                    "<s>",
                    "eos_token",
                    "</s>",
                    "numbers",
                    List.of(1, 2.5, -3));

    @FuzzTest
    void rendersWithinItsBudget(byte[] bytes) {
        JinjaTemplate template;
        try {
            template = JinjaTemplate.compile(new String(bytes, StandardCharsets.UTF_8), budget());
        } catch (JinjaSyntaxException e) {
            return;
        }
        template.readsContentParts();
        try {
            String text = template.render(CHAT, CLOCK, budget());

            assertThat(text.length()).isLessThanOrEqualTo(MOST_TEXT);
            assertThat(template.render(CHAT, CLOCK, budget())).isEqualTo(text);
        } catch (JinjaRuntimeException e) {
            // the template raises, or takes too much
        }
    }

    private static Budget budget() {
        return new Budget(new Budget.Limits(20_000, 2_000_000, MOST_TEXT, 100));
    }
}
