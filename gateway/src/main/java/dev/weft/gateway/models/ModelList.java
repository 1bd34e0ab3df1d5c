package dev.weft.gateway.models;

import java.util.List;

/** OpenAI's list: {@code {"object":"list","data":[...]}}. */
record ModelList(String object, List<Model> data) {
    ModelList(List<Model> data) {
        this("list", List.copyOf(data));
    }
}
