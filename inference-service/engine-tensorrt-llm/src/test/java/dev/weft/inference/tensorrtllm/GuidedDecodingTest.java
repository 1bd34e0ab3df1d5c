package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import dev.weft.inference.tensorrtllm.backend.EngineFixture;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers that have a form. The test backend holds answers to choices as XGrammar would; other
 * guides it takes and leaves alone, so that only the constraint's own test keeps them.
 */
@OnTriton
class GuidedDecodingTest extends EngineFixture {
    private static final int END = 1;
    private static final List<String> CHOICES = List.of("yes", "no \"thanks\"", "\u00e9t\u00e9");

    /** A token is a letter; the last ones are of the third choice. */
    private static List<String> vocabulary() {
        List<String> tokens = new ArrayList<>(List.of("<pad>", "</s>"));
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        tokens.addAll(List.of("\"", " ", "es", "\u00e9", "thanks"));
        while (tokens.size() < RandomBase.CONFIG.vocabulary().size()) {
            tokens.add("<" + tokens.size() + ">");
        }
        return tokens;
    }

    private Path info(List<String> tokens, List<Integer> stop) throws IOException {
        Map<String, Object> info =
                Map.of("encoded_vocab", tokens, "tokenizer_str", "{}", "stop_token_ids", stop);
        return Files.writeString(
                folder.resolve("info.json"), JsonMapper.shared().writeValueAsString(info));
    }

    private TestEngine guided() throws IOException {
        return model().model("guided_decoding_backend", "xgrammar")
                .model("xgrammar_tokenizer_info_path", info(vocabulary(), List.of(END)));
    }

    /** Holds answers to some texts; says another guide if it is given one. */
    private static final class Choices extends ScriptedConstraint {
        private final @Nullable AnswerGuide guide;

        Choices(List<String> texts, @Nullable AnswerGuide guide) {
            super(
                    vocabulary().size(),
                    (told, token) ->
                            token == END
                                    ? texts.contains(text(told))
                                    : texts.stream()
                                            .anyMatch(choice ->
                                                    choice.startsWith(
                                                            text(told) + vocabulary().get(token))),
                    told -> texts.contains(text(told)));
            this.guide = guide;
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.ofNullable(guide);
        }
    }

    private static String text(List<Integer> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(vocabulary().get(token)));
        return text.toString();
    }

    private static GenerationRequest asked(
            @Nullable AnswerGuide guide, int minTokens, List<Integer> stop, long seed) {
        return new GenerationRequest(
                "asked",
                null,
                PROMPT,
                new GenerationRequest.Ending(30, minTokens, stop),
                new GenerationRequest.Selection(
                        new Sampling(1, Sampling.Cut.NONE, Sampling.Penalties.NONE, seed, Map.of()),
                        -1,
                        new Choices(CHOICES, guide)),
                Owner.NOBODY);
    }

    private static GenerationRequest asked(AnswerGuide guide, long seed) {
        return asked(guide, 0, List.of(END), seed);
    }

    @Test
    void anAnswerIsOneOfTheChoicesAndEndsThere() throws IOException {
        TensorRtLlmEngine engine = open(guided());
        List<String> answers = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(asked(new AnswerGuide.Choice(CHOICES), seed), generation);
            assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
            List<Integer> tokens = generation.tokens();
            assertThat(tokens.getLast()).isEqualTo(END);
            answers.add(text(tokens.subList(0, tokens.size() - 1)));
        }
        assertThat(answers).isSubsetOf(CHOICES);
        assertThat(answers.stream().distinct()).as("not one of them alone").hasSizeGreaterThan(1);
    }

    @Test
    void anAnswerThatLeavesItsFormEndsInAnErrorAndOthersGoOn() throws IOException {
        TensorRtLlmEngine engine = open(guided());
        List<Integer> alone = tokens(engine, null, 40);
        RecordedGeneration other = run(engine, null, 40, List.of(), Sampling.greedy());
        RecordedGeneration left = new RecordedGeneration();
        engine.start(asked(new AnswerGuide.Regex("yes|no"), 1), left);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> left.await(DEADLINE))
                .withMessageContaining("XGrammar let the answer leave its form")
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
        assertThat(CHOICES).anyMatch(choice -> choice.startsWith(text(left.tokens())));
        assertThat(other.tokensAtTheEnd(DEADLINE)).isEqualTo(alone);
    }

    @Test
    void aConstraintThatHasNoWordsIsRefused() throws IOException {
        TensorRtLlmEngine engine = open(guided());
        assertRefused(engine, asked(null, 0, List.of(END), 1), "can't constrain");
    }

    @Test
    void whatXGrammarWouldFailByIsRefusedBeforeItIsSent() throws IOException {
        AnswerGuide yes = new AnswerGuide.Choice(List.of("yes"));
        TensorRtLlmEngine engine = open(guided());
        assertRefused(engine, asked(yes, 0, List.of(), 1), "ignore_eos");
        assertRefused(engine, asked(yes, 0, List.of(5), 1), "ignore_eos");
        assertRefused(engine, asked(yes, 2, List.of(END), 1), "min_tokens 2");
        assertRefused(engine, asked(new AnswerGuide.Regex("(?=x)"), 1), "a group with '?'");
        assertRefused(
                engine,
                asked(new AnswerGuide.Schema("{\"type\":\"string\",\"format\":\"date\"}"), 1),
                "keyword 'format'");
        assertThat(engine.calls()).isZero();
    }

    @Test
    void itSaysWhatItHoldsAnswersTo() throws Exception {
        TensorRtLlmEngine engine = open(guided());
        assertThat(engine.description().constrains()).isFalse();
        engine.guides().orElseThrow().check(new AnswerGuide.AnyObject());
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() ->
                        engine.guides()
                                .orElseThrow()
                                .check(new AnswerGuide.Schema("{\"not\":{}}")));
    }

    @ParameterizedTest
    @CsvSource({
        "guided_decoding_backend, ''",
        "xgrammar_tokenizer_info_path, ''",
        "batch_scheduler_policy, max_utilization"
    })
    void aModelThatIsNotSetUpForItTakesNoGuides(String parameter, String value) throws IOException {
        TensorRtLlmEngine engine = open(guided().model(parameter, value));
        assertThat(engine.guides()).isEmpty();
        assertRefused(
                engine, asked(new AnswerGuide.Choice(CHOICES), 1), "can't constrain the tokens");
    }

    @Test
    void aTokenizerOfAnotherBaseIsNotReliedOn() throws IOException {
        List<String> more = new ArrayList<>(vocabulary());
        more.add("one more");
        TestEngine other =
                model().model("guided_decoding_backend", "xgrammar")
                        .model("xgrammar_tokenizer_info_path", info(more, List.of(END)));
        assertThat(open(other).guides()).isEmpty();
    }

    private static void assertRefused(
            TensorRtLlmEngine engine, GenerationRequest request, String why) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.start(request, new RecordedGeneration()))
                .withMessageContaining(why)
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_REQUEST));
    }
}
