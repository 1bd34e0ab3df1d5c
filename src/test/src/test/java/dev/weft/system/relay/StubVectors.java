package dev.weft.system.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A stub's answers that are no texts. Their numbers say which adapter was asked; 0 is the base. */
record StubVectors(StubServer server) {
    /** Answers that embed a text. */
    HttpHandler embedding(StubServer.Asking asking) {
        return exchange -> answer(exchange, asking, StubVectors::embed);
    }

    /** Answers that score documents. */
    HttpHandler ranking(StubServer.Asking asking) {
        return exchange -> answer(exchange, asking, StubVectors::rank);
    }

    private interface Numbers {
        void tell(ObjectNode answer, int number);
    }

    private void answer(HttpExchange exchange, StubServer.Asking asking, Numbers numbers)
            throws IOException {
        try {
            StubServer.Asked asked = asking.asked(StubServer.body(exchange));
            ObjectNode answer = Http.JSON.createObjectNode().put("model", asked.model());
            numbers.tell(answer, asked.digest().map(Object::hashCode).orElse(0));
            answer.putObject("usage").put("prompt_tokens", 3).put("total_tokens", 3);
            server.ended(exchange); // before anybody can know it
            StubServer.text(exchange, 200, answer.toString());
        } catch (StubServer.Refused e) {
            server.refuse(exchange, e);
        } finally {
            server.ended(exchange);
        }
    }

    private static void embed(ObjectNode answer, int number) {
        answer.put("object", "list");
        answer.putArray("data").addObject().put("index", 0).putArray("embedding").add(number);
    }

    private static void rank(ObjectNode answer, int number) {
        ObjectNode first = answer.putArray("results").addObject().put("index", 0);
        first.put("relevance_score", number);
    }

    /** A path that takes any name and computes with the base. */
    static StubServer.Asked base(ObjectNode body) {
        return new StubServer.Asked(body.path("model").asString(""), Optional.empty());
    }
}
