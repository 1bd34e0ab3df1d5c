package dev.weft.inference.server.http.pooling;

import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.checkpoint.LabelActivation;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonDocument;
import dev.weft.inference.server.models.ModelTask;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.inference.server.models.ResolvedModel;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * Reads bodies of {@code /v1/classify}, vLLM's {@code /classify}: the probabilities of an adapter's
 * labels, or their logits with {@code use_activation: false}.
 */
record ClassifyRequests(PoolServing serving) {
    PreparedPool read(byte[] body, Sender sender) throws InterruptedException {
        PoolServing.Asked asked = serving.asked(body, sender);
        if (!(asked.task() instanceof ModelTask.Labels)) {
            throw ModelTasks.wrongTask(
                    asked.model(), "has no labels", "adapters with task_type SEQ_CLS");
        }
        LabelActivation activation = serving.activation(asked);
        List<List<Integer>> inputs =
                LabelScores.read(
                        serving.inputs(asked.fields()).inputs("input"),
                        serving.tasks().base().padding());
        AnswerHead head = serving.head("classify-", asked);
        ResolvedModel model = asked.model();
        return new PreparedPool(
                model,
                serving.request(head, asked, inputs, PooledOutput.LABELS),
                (answer, target) ->
                        JsonDocument.write(
                                target, json -> write(json, head, model, answer, activation)));
    }

    private static void write(
            JsonGenerator json,
            AnswerHead head,
            ResolvedModel model,
            PooledAnswer answer,
            LabelActivation activation) {
        head.write(json, "list");
        json.writeArrayPropertyStart("data");
        for (int i = 0; i < answer.vectors().size(); i++) {
            float[] logits = answer.vectors().get(i);
            write(json, i, LabelScores.activated(logits, activation, model));
        }
        json.writeEndArray();
        JsonDocument.usage(json, answer.usage());
    }

    private static void write(JsonGenerator json, int index, float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        json.writeStartObject();
        json.writeNumberProperty("index", index);
        json.writeStringProperty("label", "LABEL_" + best);
        json.writeArrayPropertyStart("probs");
        for (float value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeNumberProperty("num_classes", values.length);
        json.writeEndObject();
    }
}
