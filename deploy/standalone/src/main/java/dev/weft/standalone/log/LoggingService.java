package dev.weft.standalone.log;

/** Finds a logger's service by the logger's name. */
final class LoggingService {
    private LoggingService() {}

    static String of(String logger) {
        if (logger.startsWith("dev.weft.catalog")) {
            return "catalog";
        }
        if (logger.startsWith("dev.weft.inference")) {
            return "worker";
        }
        if (logger.startsWith("dev.weft.gateway")) {
            return "gateway";
        }
        if (logger.startsWith("dev.weft.source")) {
            return "fetch";
        }
        return logger.startsWith("dev.weft.protocol.feed") ? "feed" : "weft";
    }
}
