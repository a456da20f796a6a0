throw new Error('\u001b[31mred\u001b[0m <script>alert(1)</script>');
