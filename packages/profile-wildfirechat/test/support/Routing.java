import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Reads `id` lines of digits, or uids as hex of UTF-16 units; answers each with the tables of the JVM's own calendar and hash. */
public class Routing {
  public static void main(String[] zones) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    var out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, "US-ASCII");
    var calendars = new ArrayList<Calendar>();
    for (String zone : zones) calendars.add(new GregorianCalendar(TimeZone.getTimeZone(zone)));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("u")) {
        var units = new StringBuilder();
        for (int i = 1; i < line.length(); i += 4) units.append((char) Integer.parseInt(line.substring(i, i + 4), 16));
        out.println(Math.abs(units.toString().hashCode()) % 128);
        continue;
      }
      long ms = (Long.parseLong(line) >> 21) + 1514736000000L;
      var tables = new StringJoiner(" ");
      for (Calendar calendar : calendars) {
        calendar.setTimeInMillis(ms);
        tables.add(String.valueOf(calendar.get(Calendar.YEAR) % 3 * 12 + calendar.get(Calendar.MONTH)));
      }
      out.println(tables);
    }
    out.flush();
  }
}
