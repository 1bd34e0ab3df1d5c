package dev.weft.standalone.engine;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.format.trtllm.TritonModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps of a build, in order.
 *
 * @param folder the engine's final folder; everything is made in {@code folder.underWay()}
 * @param title the deployment and its checkpoint, in words
 * @param steps the commands
 * @param model Triton's model, which is written after them
 * @param notes reasons for the choices, for people
 */
record EnginePlan(
        EngineFolder folder,
        String title,
        List<Step> steps,
        TritonModel model,
        List<String> notes) {
    /**
     * One command.
     *
     * @param output folder that it makes
     * @param makes files that are in it when the step is done
     */
    record Step(String name, List<String> command, Path output, List<String> makes) {
        Step {
            command = List.copyOf(command);
            makes = List.copyOf(makes);
        }

        /** The command in shell syntax, one option a line. */
        String shell() {
            return command.stream()
                    .map(word -> word.matches("[\\w@%+=:,./-]+") ? word : quoted(word))
                    .collect(Collectors.joining(" "))
                    .replace(" --", " \\\n    --");
        }

        private static String quoted(String word) {
            return "'" + word.replace("'", "'\\''") + "'";
        }
    }

    EnginePlan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** All that determines the engine, and nothing else: equal records make equal engines. */
    String record() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("format", 1);
        root.put("folder", folder.root().toString());
        var commands = root.putArray("steps");
        for (Step step : steps) {
            var words = commands.addObject().put("name", step.name).putArray("command");
            step.command.forEach(words::add);
        }
        root.put("config", model.configText());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    /** The whole plan, for people. */
    @Override
    public String toString() {
        var text = new StringBuilder(title).append("\n");
        notes.forEach(note -> text.append("  ").append(note).append("\n"));
        int number = 1;
        for (Step step : steps) {
            text.append("\n").append(number++).append(". ").append(step.name).append("\n");
            text.append("  ").append(step.shell()).append("\n");
        }
        EngineFolder work = folder.underWay();
        text.append("\n").append(number++).append(". model\n  ");
        text.append(work.modelConfig()).append(" with\n\n");
        text.append(model.configText().indent(4));
        text.append("\n").append(number).append(". finish\n  ");
        text.append(work.checkpoint()).append(" is removed, ").append(work.root());
        return text.append(" becomes ").append(folder.root()).append("\n").toString();
    }
}
