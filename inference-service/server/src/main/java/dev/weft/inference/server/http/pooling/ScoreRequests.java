package dev.weft.inference.server.http.pooling;

import dev.weft.format.pooling.Pooling;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.checkpoint.LabelActivation;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.models.ModelTask;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.protocol.path.ModelPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads bodies of {@code /v1/score} and {@code /v1/rerank}. An adapter with one label scores a pair
 * of texts, which the tokenizer joins; the score of a model that makes vectors is the cosine of
 * both texts' vectors.
 */
record ScoreRequests(PoolServing serving) {
    /** Names that vLLM's versions have for the first and the second texts. */
    private static final List<List<String>> NAMES =
            List.of(
                    List.of("queries", "documents"),
                    List.of("data_1", "data_2"),
                    List.of("text_1", "text_2"));

    /**
     * Texts to be compared, the first with the first, and so on; a single text goes with all of the
     * other side.
     */
    private record Sides(
            String firstName, List<String> first, String secondName, List<String> second) {
        int count() {
            return Math.max(first.size(), second.size());
        }
    }

    /** The prompts of pairs, and how an answer to them is read; keeps no text. */
    private record Scoring(List<List<Integer>> prompts, PooledOutput output, PairScores scores) {}

    PreparedPool score(byte[] body, Sender sender) throws InterruptedException {
        PoolServing.Asked asked = serving.asked(body, sender);
        Scoring scoring = scoring(asked, sides(asked.fields()), ModelPaths.SCORE);
        AnswerHead head = serving.head("score-", asked);
        return new PreparedPool(
                asked.model(),
                serving.request(head, asked, scoring.prompts, scoring.output),
                new ScoreFormat(head, scoring.scores));
    }

    PreparedPool rerank(byte[] body, Sender sender) throws InterruptedException {
        PoolServing.Asked asked = serving.asked(body, sender);
        JsonFields fields = asked.fields();
        List<String> query = serving.inputs(fields).texts("query");
        if (query.size() != 1) {
            throw fields.invalid("query", fields.required("query", "a string"), "a string");
        }
        List<String> documents = serving.inputs(fields).texts("documents");
        Integer most = fields.integer("top_n", 0, Integer.MAX_VALUE);
        Scoring scoring =
                scoring(
                        asked,
                        new Sides("query", query, "documents", documents),
                        ModelPaths.RERANK);
        AnswerHead head = serving.head("rerank-", asked);
        return new PreparedPool(
                asked.model(),
                serving.request(head, asked, scoring.prompts, scoring.output),
                new RankFormat(head, scoring.scores, documents, most));
    }

    private Sides sides(JsonFields fields) {
        List<String> names =
                NAMES.stream()
                        .filter(pair -> fields.has(pair.getFirst()))
                        .findFirst()
                        .orElse(NAMES.getLast());
        List<String> first = serving.inputs(fields).texts(names.getFirst());
        List<String> second = serving.inputs(fields).texts(names.getLast());
        if (first.size() != second.size() && first.size() != 1 && second.size() != 1) {
            throw fields.invalid(
                    names.getLast(),
                    fields.required(names.getLast(), "texts"),
                    "one text, or as many as " + names.getFirst() + " has: " + first.size());
        }
        return new Sides(names.getFirst(), first, names.getLast(), second);
    }

    private Scoring scoring(PoolServing.Asked asked, Sides sides, String path)
            throws InterruptedException {
        if (asked.task() instanceof ModelTask.Labels) {
            LabelActivation activation = serving.activation(asked);
            List<List<Integer>> pairs =
                    LabelScores.read(
                            pairs(sides, serving.inputs(asked.fields())),
                            serving.tasks().base().padding());
            ResolvedModel model = asked.model();
            return new Scoring(
                    pairs, PooledOutput.LABELS, answer -> ofLabels(model, answer, activation));
        }
        // Checks the field, which makes no difference to an angle.
        PoolServing.activates(asked.fields(), true);
        Pooling pooling = TextVectors.pooling(asked, path);
        InputReader reader = serving.inputs(asked.fields(), pooling.longest());
        List<List<Integer>> prompts = new ArrayList<>();
        for (int i = 0; i < sides.first.size(); i++) {
            prompts.add(reader.text(sides.first.get(i), named(sides.firstName, i)));
        }
        for (int i = 0; i < sides.second.size(); i++) {
            prompts.add(reader.text(sides.second.get(i), named(sides.secondName, i)));
        }
        int first = sides.first.size();
        int count = sides.count();
        return new Scoring(
                prompts, TextVectors.output(pooling), answer -> ofVectors(first, count, answer));
    }

    private static List<List<Integer>> pairs(Sides sides, InputReader reader)
            throws InterruptedException {
        List<List<Integer>> pairs = new ArrayList<>();
        for (int i = 0; i < sides.count(); i++) {
            pairs.add(
                    reader.pair(
                            sides.first.get(at(sides.first.size(), i)),
                            sides.second.get(at(sides.second.size(), i)),
                            named(sides.secondName, i)));
        }
        return pairs;
    }

    private static String named(String side, int index) {
        return side + "[" + index + "]";
    }

    private static double[] ofLabels(
            ResolvedModel model, PooledAnswer answer, LabelActivation activation) {
        return answer.vectors().stream()
                .map(logits -> LabelScores.single(logits, model))
                .mapToDouble(logit -> LabelScores.activated(logit, activation, model)[0])
                .toArray();
    }

    private static double[] ofVectors(int firstSide, int count, PooledAnswer answer) {
        List<float[]> first = answer.vectors().subList(0, firstSide);
        List<float[]> second = answer.vectors().subList(firstSide, answer.vectors().size());
        return IntStream.range(0, count)
                .mapToDouble(i ->
                        TextVectors.cosine(
                                first.get(at(first.size(), i)), second.get(at(second.size(), i))))
                .toArray();
    }

    /** The index of a side's text for a place: if the side has one text, always that one. */
    private static int at(int size, int index) {
        return size == 1 ? 0 : index;
    }
}
