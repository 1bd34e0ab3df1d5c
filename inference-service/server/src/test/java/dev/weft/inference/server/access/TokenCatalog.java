package dev.weft.inference.server.access;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.access.holder.Role;
import dev.weft.access.token.TokenQuestion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The part of a catalog that knows tokens: one for each role, called as the role is. */
public final class TokenCatalog implements AutoCloseable {
    private final HttpServer server;

    /** Starts the catalog on a free port. */
    public TokenCatalog() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(TokenQuestion.PATH, TokenCatalog::answer);
        server.start();
    }

    /** The address it listens on. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String question =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String token = question.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        byte[] answer =
                Role.named(token)
                        .map(role -> "{\"known\":true,\"name\":\"x\",\"role\":\"" + role + "\"}")
                        .orElse("{\"known\":false}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
